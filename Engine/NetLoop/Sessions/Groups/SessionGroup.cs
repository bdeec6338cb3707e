using Microsoft.Extensions.ObjectPool;
using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Sessions.Groups;

namespace NetLoop;

/// <summary>Sessions that receive the same messages: a room, a team, everybody. A broadcast is encoded once, whatever loops its members live on.</summary>
/// <remarks>
/// Thread: any. What concerns members of the calling thread's own loop happens at once; what concerns those of other loops is carried out by
/// them, in the order of the calls. A session that closes leaves its groups by itself.
/// </remarks>
public sealed class SessionGroup
{
    /// <summary>Broadcasts under way between loops at a time; beyond, they only cost memory.</summary>
    private const int MaxPooledBodies = 64;

    private readonly int _maxFrameBytes;
    private readonly GroupPart[] _parts;
    private readonly ObjectPool<SharedBody> _bodies;

    internal SessionGroup(IEnumerable<LoopServices> loops, int maxFrameBytes)
    {
        _parts = [.. loops.Select(loop => new GroupPart(loop))];
        _maxFrameBytes = maxFrameBytes;
        var policy = new SharedBody.Policy();
        _bodies = new DefaultObjectPool<SharedBody>(policy, MaxPooledBodies);
        policy.Pool = _bodies;
    }

    /// <summary>How many sessions it has; on another thread than their loop's, how many it had a moment ago.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (GroupPart part in _parts)
            {
                count += part.Count;
            }

            return count;
        }
    }

    /// <summary>Those on the first loop. Thread: that loop.</summary>
    internal IEnumerable<Session> Members => _parts[0].Members;

    /// <summary>Adds a session; nothing happens if it is a member, or closed.</summary>
    /// <exception cref="ArgumentException">The session is not one of the group's server.</exception>
    public void Add(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (PartOf(session) is not { } part)
        {
            throw new ArgumentException("The session belongs to another server or loop; make the group on that one.", nameof(session));
        }

        part.Add(session);
    }

    /// <summary>Removes a session; nothing happens if it is no member.</summary>
    public void Remove(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        PartOf(session)?.Remove(session);
    }

    /// <summary>Sends a message to every member.</summary>
    /// <returns>Sent, even if single members are slow consumers and are closed for it; TooLarge or Overflow when the message could not be encoded.</returns>
    public SendStatus Broadcast<T>(in T message)
        where T : INetMessage<T>
    {
        var body = new MessageBody<T>(in message);
        SendStatus status = EncodingLoop().Encode(in body, _maxFrameBytes, out Lease lease, out int length);
        if (status != SendStatus.Sent)
        {
            return status;
        }

        return _parts.Length == 1 ? _parts[0].Broadcast(lease, length) : BroadcastToLoops(lease, length);
    }

    /// <summary>Adds a session of the calling loop.</summary>
    internal void AddOnLoop(Session session) => PartOf(session)!.AddOnLoop(session);

    private SendStatus BroadcastToLoops(Lease ownedBody, int length)
    {
        SharedBody body = _bodies.Get();
        body.Hold(ownedBody, length, _parts.Length);
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

    /// <summary>The caller's own loop, whose exhausted pool can make room, or else any.</summary>
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
