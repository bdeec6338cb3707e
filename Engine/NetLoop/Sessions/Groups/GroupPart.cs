using NetLoop.Buffers;
using NetLoop.Containers;
using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Sending;

namespace NetLoop.Sessions.Groups;

/// <summary>The members of a group on one loop.</summary>
/// <remarks>Thread: loop, unless said otherwise.</remarks>
/// <param name="group">The group.</param>
/// <param name="services">The services of the loop.</param>
internal sealed class GroupPart(SessionGroup group, LoopServices services) : ICommandTarget, IJoinedGroup
{
    private const int AddCommand = 0;
    private const int RemoveCommand = 1;
    private const int BroadcastCommand = 2;
    private const int SharedBroadcastCommand = 3;

    /// <summary>Held while members change, which only the loop does, and while another thread reads them.</summary>
    private readonly Lock _gate = new();

    private readonly ChunkedList<Session> _members = new();
    private readonly List<Session> _receivers = [];
    private int _count;

    public LoopServices Services => services;

    /// <summary>Number of members. Thread: any.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds the members to a list. Thread: any.</summary>
    public void CopyTo(List<Session> list)
    {
        lock (_gate)
        {
            foreach (Session member in _members)
            {
                list.Add(member);
            }
        }
    }

    /// <summary>Whether a session of this loop is a member. Thread: any.</summary>
    public bool Contains(Session session)
    {
        if (services.IsLoopThread)
        {
            return session.IsIn(this);
        }

        lock (_gate)
        {
            foreach (Session member in _members)
            {
                if (member == session)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Adds a session of this loop, and notifies the group when this is done. Thread: any.</summary>
    public void Add(Session session)
    {
        if (services.IsLoopThread)
        {
            AddOnLoop(session);
            group.OnJoined();
        }
        else if (!services.CommandQueue.Write(new LoopCommand(this, AddCommand, session)))
        {
            group.OnJoined(); // The loop has ended, and all its sessions with it.
        }
    }

    /// <summary>Removes a session of this loop. Thread: any.</summary>
    public void Remove(Session session)
    {
        if (services.IsLoopThread)
        {
            RemoveOnLoop(session);
        }
        else
        {
            services.CommandQueue.Write(new LoopCommand(this, RemoveCommand, session));
        }
    }

    /// <summary>Sends an encoded body to every member. Thread: any.</summary>
    /// <param name="ownedBody">The body; the method, or later the loop, returns it to its pool.</param>
    /// <param name="length">Number of its bytes in use.</param>
    /// <param name="except">A session or an array of sessions that do not get it; null for none.</param>
    /// <param name="mode">How it is sent.</param>
    public SendStatus Broadcast(Lease ownedBody, int length, object? except, SendMode mode)
    {
        if (services.IsLoopThread)
        {
            SendToAll(ownedBody.Span[..length], except, mode);
        }
        else if (services.CommandQueue.Write(new LoopCommand(this, BroadcastCommand, except) { OwnedBody = ownedBody, BodyBytes = length, Mode = mode }))
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
            SendToAll(body.Bytes, body.Except, body.Mode);
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
                group.OnJoined();
                break;

            case RemoveCommand:
                RemoveOnLoop((Session)item.State!);
                break;

            case BroadcastCommand:
                SendToAll(item.Body, except: item.State, item.Mode);
                item.OwnedBody.Return();
                break;

            case SharedBroadcastCommand:
                var body = (SharedBody)item.State!;
                SendToAll(body.Bytes, body.Except, body.Mode);
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
            lock (_gate)
            {
                _members.Add(session);
            }

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
        lock (_gate)
        {
            _members[place] = last;
            _members.RemoveLast();
        }

        if (last != session)
        {
            last.MoveInGroup(this, place);
        }

        Volatile.Write(ref _count, _members.Count);
        if (_members.Count == 0)
        {
            group.OnPartEmpty();
        }
    }

    private void SendToAll(ReadOnlySpan<byte> body, object? except, SendMode mode)
    {
        // Iterate over a copy: a member that overflows leaves the group at once, and an exhausted pool may evict any member. The last member moves to the
        // index of one that leaves, so it could be skipped or served twice.
        foreach (Session member in _members)
        {
            _receivers.Add(member);
        }

        foreach (Session member in _receivers)
        {
            if (member.Status == SessionStatus.Open && (except is null || !IsAmong(except, member)))
            {
                member.AppendEncoded(body, mode);
            }
        }

        _receivers.Clear();
    }

    private static bool IsAmong(object except, Session session) => except == session || (except is Session[] several && several.AsSpan().Contains(session));
}
