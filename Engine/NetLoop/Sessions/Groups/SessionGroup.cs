using Microsoft.Extensions.ObjectPool;
using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Sessions.Groups;

namespace NetLoop;

/// <summary>A group of sessions that receive the same messages, such as a room or a team. A broadcast is encoded once.</summary>
/// <remarks>
/// Thread: any. Calls take effect at once for members on the calling thread's own loop; other loops carry them out for their members, in the order of
/// the calls. A session that closes leaves its groups by itself.
/// </remarks>
public sealed class SessionGroup
{
    /// <summary>Encoded broadcasts to keep for reuse; those beyond are left to the garbage collector.</summary>
    private const int MaxPooledBodies = 64;

    private readonly int _maxBodyBytes;
    private readonly GroupPart[] _parts;
    private readonly ObjectPool<SharedBody> _bodies;

    internal SessionGroup(IEnumerable<LoopServices> loops, int maxBodyBytes)
    {
        _parts = [.. loops.Select(loop => new GroupPart(loop))];
        _maxBodyBytes = maxBodyBytes;
        var policy = new SharedBody.Policy();
        _bodies = new DefaultObjectPool<SharedBody>(policy, MaxPooledBodies);
        policy.Pool = _bodies;
    }

    /// <summary>Number of sessions in the group. For sessions of other loops than the caller's, the number may be a moment old.</summary>
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

    /// <summary>Members on the first loop. Thread: that loop.</summary>
    internal IEnumerable<Session> Members => _parts[0].Members;

    /// <summary>Adds a session. Does nothing if it is a member already, or closed.</summary>
    /// <exception cref="ArgumentException">The session does not belong to the group's server.</exception>
    public void Add(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (PartOf(session) is not { } part)
        {
            throw new ArgumentException("The session belongs to another server or loop; create the group there.", nameof(session));
        }

        part.Add(session);
    }

    /// <summary>Removes a session. Does nothing if it is not a member.</summary>
    public void Remove(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        PartOf(session)?.Remove(session);
    }

    /// <summary>Sends a message to every member.</summary>
    /// <returns>Sent, even if some members are slow consumers and are closed for it; TooLarge or Overflow if the message could not be encoded.</returns>
    public SendStatus Broadcast<T>(in T message)
        where T : INetMessage<T>
    {
        var body = new MessageBody<T>(in message);
        SendStatus status = EncodingLoop().Encode(in body, _maxBodyBytes, out Lease lease, out int length);
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

    /// <summary>The caller's own loop, whose pool can make room when it is exhausted, or else the first.</summary>
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
