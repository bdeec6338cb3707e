using NetLoop.Buffers;
using NetLoop.Containers;
using NetLoop.Diagnostics;
using NetLoop.Messaging;

namespace NetLoop.Sessions.Groups;

/// <summary>The members of a group that live on one loop.</summary>
/// <remarks>Thread: loop, unless said otherwise.</remarks>
internal sealed class GroupPart(LoopServices services) : ICommandTarget, IJoinedGroup
{
    private const int AddCommand = 0;
    private const int RemoveCommand = 1;
    private const int BroadcastCommand = 2;
    private const int SharedBroadcastCommand = 3;

    private readonly ChunkedList<Session> _members = new();
    private readonly List<Session> _receivers = [];
    private int _count;

    public LoopServices Services => services;

    /// <summary>Number of members. Thread: any.</summary>
    public int Count => Volatile.Read(ref _count);

    public IEnumerable<Session> Members => _members;

    /// <summary>Adds a session of this loop. Thread: any.</summary>
    public void Add(Session session) => DoOrWrite(AddCommand, session);

    /// <summary>Removes a session of this loop. Thread: any.</summary>
    public void Remove(Session session) => DoOrWrite(RemoveCommand, session);

    /// <summary>Sends an encoded body to every member. Thread: any.</summary>
    /// <param name="ownedBody">Returned to its pool, here or on the loop.</param>
    /// <param name="length">Number of its bytes in use.</param>
    public SendStatus Broadcast(Lease ownedBody, int length)
    {
        if (services.IsLoopThread)
        {
            SendToAll(ownedBody.Span[..length]);
        }
        else if (services.CommandQueue.Write(new LoopCommand(this, BroadcastCommand) { OwnedBody = ownedBody, BodyBytes = length }))
        {
            return SendStatus.Sent;
        }
        else
        {
            ownedBody.Return();
            return SendStatus.Closed;
        }

        ownedBody.Return();
        return SendStatus.Sent;
    }

    /// <summary>Sends a body that is shared with other loops, and releases it. Thread: any.</summary>
    public SendStatus Broadcast(SharedBody body)
    {
        SendStatus status = SendStatus.Sent;
        if (services.IsLoopThread)
        {
            SendToAll(body.Bytes);
        }
        else if (services.CommandQueue.Write(new LoopCommand(this, SharedBroadcastCommand, body)))
        {
            return status;
        }
        else
        {
            status = SendStatus.Closed;
        }

        body.Release();
        return status;
    }

    void ICommandTarget.OnCommand(in LoopCommand item)
    {
        switch (item.Kind)
        {
            case AddCommand:
                AddOnLoop((Session)item.State!);
                break;

            case RemoveCommand:
                RemoveOnLoop((Session)item.State!);
                break;

            case BroadcastCommand:
                SendToAll(item.Body);
                item.OwnedBody.Return();
                break;

            case SharedBroadcastCommand:
                var body = (SharedBody)item.State!;
                SendToAll(body.Bytes);
                body.Release();
                break;

            default:
                Invariant.Fail($"command queue kind {item.Kind}");
                break;
        }
    }

    public void AddOnLoop(Session session)
    {
        if (session.Status != SessionStatus.Closed && session.TryJoin(this, place: _members.Count))
        {
            _members.Add(session);
            Volatile.Write(ref _count, _members.Count);
        }
    }

    public void RemoveOnLoop(Session session)
    {
        if (!session.TryLeave(this, out int place))
        {
            return;
        }

        Session last = _members[_members.Count - 1];
        _members[place] = last;
        _members.RemoveLast();
        if (last != session)
        {
            last.MoveInGroup(this, place);
        }

        Volatile.Write(ref _count, _members.Count);
    }

    private void DoOrWrite(int kind, Session session)
    {
        if (!services.IsLoopThread)
        {
            services.CommandQueue.Write(new LoopCommand(this, kind, session));
        }
        else if (kind == AddCommand)
        {
            AddOnLoop(session);
        }
        else
        {
            RemoveOnLoop(session);
        }
    }

    private void SendToAll(ReadOnlySpan<byte> body)
    {
        // Iterate over a copy: a member that overflows leaves the group at once, and an exhausted pool may evict any member. The last member takes the
        // place of one that leaves, so it could be skipped or served twice.
        foreach (Session member in _members)
        {
            _receivers.Add(member);
        }

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
