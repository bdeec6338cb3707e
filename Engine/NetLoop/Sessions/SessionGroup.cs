using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop;

/// <summary>Sessions that receive the same messages: a room, a team, everybody. A broadcast is encoded once.</summary>
/// <remarks>
/// Thread: any. Calls from the loop thread act at once; those from another thread are carried out by the loop, in their order. A session that
/// closes leaves its groups by itself.
/// </remarks>
public sealed class SessionGroup : IOutboxTarget
{
    private const int OutboxAdd = 0;
    private const int OutboxRemove = 1;
    private const int OutboxBroadcast = 2;

    private readonly SessionServices _services;
    private readonly int _maxFrameBytes;
    private readonly List<Session> _members = [];
    private readonly List<Session> _receivers = [];
    private readonly Dictionary<Session, int> _places = [];
    private int _count;

    internal SessionGroup(SessionServices services, int maxFrameBytes)
    {
        _services = services;
        _maxFrameBytes = maxFrameBytes;
    }

    /// <summary>How many sessions it has; from another thread than the loop's, how many it had a moment ago.</summary>
    public int Count => Volatile.Read(ref _count);

    internal List<Session> Members => _members;

    /// <summary>Adds a session; nothing happens if it is a member, or closed.</summary>
    /// <exception cref="ArgumentException">The session lives on another loop than the group.</exception>
    public void Add(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Services != _services)
        {
            throw new ArgumentException("The session belongs to another server or loop; make the group on that one.", nameof(session));
        }

        if (_services.IsLoopThread)
        {
            AddOnLoop(session);
        }
        else
        {
            _services.Outbox.Write(new OutboxItem(this, OutboxAdd, default, 0, session));
        }
    }

    /// <summary>Removes a session; nothing happens if it is no member.</summary>
    public void Remove(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (_services.IsLoopThread)
        {
            RemoveOnLoop(session);
        }
        else
        {
            _services.Outbox.Write(new OutboxItem(this, OutboxRemove, default, 0, session));
        }
    }

    /// <summary>Sends a message to every member.</summary>
    /// <returns>Sent, even if single members are slow consumers and are closed for it; TooLarge or Overflow when the message could not be encoded.</returns>
    public SendStatus Broadcast<T>(in T message)
        where T : INetMessage<T>
    {
        var body = new MessageBody<T>(in message);
        SendStatus status = _services.Encode(in body, _maxFrameBytes, out Lease lease, out int length);
        if (status != SendStatus.Sent)
        {
            return status;
        }

        if (_services.IsLoopThread)
        {
            SendToAll(lease.Span[..length]);
        }
        else if (_services.Outbox.Write(new OutboxItem(this, OutboxBroadcast, lease, length, null)))
        {
            return status;
        }
        else
        {
            status = SendStatus.Closed;
        }

        lease.Return();
        return status;
    }

    void IOutboxTarget.OnOutbox(in OutboxItem item)
    {
        switch (item.Kind)
        {
            case OutboxAdd:
                AddOnLoop((Session)item.State!);
                break;

            case OutboxRemove:
                RemoveOnLoop((Session)item.State!);
                break;

            case OutboxBroadcast:
                SendToAll(item.OwnedBody.Span[..item.Length]);
                item.OwnedBody.Return();
                break;

            default:
                Invariant.Fail($"outbox kind {item.Kind}");
                break;
        }
    }

    internal void AddOnLoop(Session session)
    {
        if (session.Status != SessionStatus.Closed && _places.TryAdd(session, _members.Count))
        {
            _members.Add(session);
            session.Joined(this);
            Volatile.Write(ref _count, _members.Count);
        }
    }

    internal void RemoveOnLoop(Session session)
    {
        if (!_places.Remove(session, out int place))
        {
            return;
        }

        Session last = _members[^1];
        _members[place] = last;
        _members.RemoveAt(_members.Count - 1);
        if (last != session)
        {
            _places[last] = place;
        }

        session.Left(this);
        Volatile.Write(ref _count, _members.Count);
    }

    private void SendToAll(ReadOnlySpan<byte> body)
    {
        // A copy: a member that overflows leaves the group on the spot, an exhausted pool evicts any member, and whoever takes the place of
        // one that left would be served twice.
        _receivers.AddRange(_members);
        foreach (Session member in _receivers)
        {
            if (member.Status == SessionStatus.Open)
            {
                member.AppendEncoded(body);
            }
        }

        _receivers.Clear();
    }
}
