#pragma warning disable CA1710 // The name says what it contains.

using System.Collections;
using Microsoft.Extensions.ObjectPool;
using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sending;
using NetLoop.Sessions.Groups;
using NetLoop.Sessions;

namespace NetLoop;

/// <summary>A group of sessions that receive the same messages, such as a room or a team. A broadcast is encoded once.</summary>
/// <remarks>
/// Thread: any. Calls take effect at once for members on the calling thread's own loop; other loops carry them out for their members, in the order of
/// the calls. Until then, <see cref="Count"/>, <see cref="Contains"/> and enumeration show the state before. A session that closes leaves its groups
/// automatically.
/// </remarks>
public sealed class SessionGroup : IReadOnlyCollection<Session>
{
    /// <summary>Maximum number of encoded broadcasts kept for reuse.</summary>
    private const int MaxPooledBodies = 64;

    private readonly int _maxBodyBytes;
    private readonly GroupPart[] _parts;
    private readonly NamedGroups? _registry;
    private readonly ObjectPool<SharedBody>? _bodies;
    private bool _isRegistered;

    internal SessionGroup(IEnumerable<LoopServices> loops, int maxBodyBytes, string name = "", NamedGroups? registry = null)
    {
        _parts = [.. loops.Select(loop => new GroupPart(this, loop))];
        _maxBodyBytes = maxBodyBytes;
        _registry = registry;
        Name = name;
        if (_parts.Length > 1)
        {
            var policy = new SharedBody.Policy();
            _bodies = new DefaultObjectPool<SharedBody>(policy, MaxPooledBodies);
            policy.Pool = _bodies;
        }
    }

    /// <summary>Its name among the server's <see cref="NetServer.Groups"/>; empty for a group without a name.</summary>
    public string Name { get; }

    /// <summary>Number of sessions in the group.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (GroupPart part in Current._parts)
            {
                count += part.Count;
            }

            return count;
        }
    }

    /// <summary>Whether it is in <see cref="NetServer.Groups"/>. Thread: written under the lock of the groups.</summary>
    internal bool IsRegistered
    {
        get => Volatile.Read(ref _isRegistered);
        set => Volatile.Write(ref _isRegistered, value);
    }

    /// <summary>Number of sessions that are about to join. Thread: under the lock of the groups.</summary>
    internal int Joining { get; set; }

    /// <summary>The group that has this name now: this group may have become empty and been replaced by a new one.</summary>
    private SessionGroup Current => _registry is null || IsRegistered ? this : _registry.Find(Name) ?? this;

    /// <summary>Adds a session. Does nothing if it is a member already, or closed.</summary>
    /// <exception cref="ArgumentException">The session does not belong to the group's server.</exception>
    public void Add(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (_registry is not null)
        {
            _registry.Add(Name, session);
            return;
        }

        RequiredPartOf(session).Add(session);
    }

    /// <summary>Removes a session. Does nothing if it is not a member.</summary>
    public void Remove(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Current.PartOf(session)?.Remove(session);
    }

    /// <summary>Whether a session is a member. Takes constant time on the session's loop; elsewhere the time grows with the group.</summary>
    public bool Contains(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Current.PartOf(session)?.Contains(session) ?? false;
    }

    /// <summary>Sends a message to every member.</summary>
    /// <returns>Sent, even if some members are closed as slow consumers; TooLarge or Overflow if the message could not be encoded.</returns>
    public SendStatus Broadcast<T>(in T message)
        where T : INetMessage<T> => Current.Send(in message, except: null);

    /// <summary>Sends a message to every member, with another delivery than its contract declares.</summary>
    /// <param name="message">Encoded once.</param>
    /// <param name="delivery">How it is sent.</param>
    /// <returns>Sent, even if some members are closed as slow consumers; TooLarge or Overflow if the message could not be encoded.</returns>
    public SendStatus Broadcast<T>(in T message, Delivery delivery)
        where T : INetMessage<T>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)delivery, (uint)Delivery.Unreliable, nameof(delivery));
        return Current.Send(in message, except: null, delivery);
    }

    /// <summary>Sends a message to every member except some sessions: <c>room.Broadcast(new Said(text), except: session)</c>.</summary>
    /// <param name="message">Encoded once.</param>
    /// <param name="except">The sessions that do not get the message; they need not be members.</param>
    /// <returns>Sent, even if some members are closed as slow consumers; TooLarge or Overflow if the message could not be encoded.</returns>
    public SendStatus Broadcast<T>(in T message, params ReadOnlySpan<Session> except)
        where T : INetMessage<T>
    {
        object? others = except switch
        {
            [] => null,
            [Session one] => one,
            _ => except.ToArray(),
        };
        return Current.Send(in message, others);
    }

    /// <summary>Replaces the contents of a list with the members. Reusing a list saves the copy that <c>foreach</c> over the group makes.</summary>
    public void CopyTo(List<Session> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        members.Clear();
        foreach (GroupPart part in Current._parts)
        {
            part.CopyTo(members);
        }
    }

    /// <summary>Enumerates a copy of the members, so sessions may join, leave and close during the enumeration.</summary>
    public IEnumerator<Session> GetEnumerator()
    {
        var members = new List<Session>(Count);
        CopyTo(members);
        return members.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"group {Name} of {Count}" : $"group of {Count}";

    /// <summary>Adds a session of the calling loop.</summary>
    internal void AddOnLoop(Session session) => PartOf(session)!.AddOnLoop(session);

    /// <summary>The part on the loop of a session.</summary>
    /// <exception cref="ArgumentException">The session does not belong to the group's server.</exception>
    internal GroupPart RequiredPartOf(Session session) =>
        PartOf(session) ?? throw new ArgumentException("The session belongs to another server or loop; create the group there.", nameof(session));

    /// <summary>Called when an added session has become a member or has failed to. Thread: any.</summary>
    internal void OnJoined() => _registry?.OnJoined(this);

    /// <summary>Called when the last member on a loop has left. Thread: that loop.</summary>
    internal void OnPartEmpty() => _registry?.RemoveIfEmpty(this);

    private SendStatus Send<T>(in T message, object? except, Delivery? delivery = null)
        where T : INetMessage<T>
    {
        var body = new MessageBody<T>(in message);
        SendStatus status = EncodingLoop().Encode(in body, _maxBodyBytes, out Lease lease, out int length);
        if (status != SendStatus.Sent)
        {
            return status;
        }

        SendMode mode = delivery is { } chosen ? SendModes.Of(in message, chosen) : SendModes.Of(in message);
        return _parts.Length == 1 ? _parts[0].Broadcast(lease, length, except, mode) : BroadcastToLoops(lease, length, except, mode);
    }

    private SendStatus BroadcastToLoops(Lease ownedBody, int length, object? except, SendMode mode)
    {
        SharedBody body = _bodies!.Get();
        body.Hold(ownedBody, length, _parts.Length, except, mode);
        SendStatus status = SendStatus.Closed;
        foreach (GroupPart part in _parts)
        {
            if (part.Broadcast(body) == SendStatus.Sent)
            {
                status = SendStatus.Sent;
            }
        }

        return status;
    }

    private GroupPart? PartOf(Session session)
    {
        int index = session.Services.LoopIndex;
        return index < _parts.Length && _parts[index].Services == session.Services ? _parts[index] : null;
    }

    /// <summary>The caller's own loop, whose pool can make room when it is exhausted; otherwise the first loop.</summary>
    private LoopServices EncodingLoop()
    {
        foreach (GroupPart part in _parts)
        {
            if (part.Services.IsLoopThread)
            {
                return part.Services;
            }
        }

        return _parts[0].Services;
    }
}
