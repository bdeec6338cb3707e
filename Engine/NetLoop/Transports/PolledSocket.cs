using NetLoop.Diagnostics;

namespace NetLoop.Transports;

/// <summary>A socket that is in the loop's table and registered with its poller: part of a listener or of a connection.</summary>
/// <remarks>Thread: loop.</remarks>
internal struct PolledSocket
{
    private Interest _interest;
    private bool _isRegistered;

    public PolledSocket()
    {
    }

    /// <summary>The key of its entry in the socket table.</summary>
    public Token Token { get; private set; }

    public SocketHandle Handle { get; private set; } = SocketHandle.None;

    /// <summary>What the poller watches for; nothing while it is not registered.</summary>
    public readonly Interest WatchedInterest => _isRegistered ? _interest : Interest.None;

    /// <summary>Whether the poller watches for input, and for nothing else.</summary>
    public readonly bool IsWaitingForInput => _isRegistered && _interest == Interest.Readable;

    /// <summary>Takes a row of the table and registers with the poller.</summary>
    /// <returns>Ok; otherwise the poller failed, the socket is not in the table, and the caller closes it.</returns>
    public SocketStatus Register(ConnectionSet set, ISocketEntry entry, SocketHandle handle, Interest interest, bool isListener = false)
    {
        Handle = handle;
        Token = set.Sockets.Add(entry, isListener);
        SocketStatus status = set.Poller.Add(handle, interest, Token);
        if (status != SocketStatus.Ok)
        {
            set.Sockets.Remove(Token);
            Handle = SocketHandle.None;
            return status;
        }

        _interest = interest;
        _isRegistered = true;
        return status;
    }

    /// <summary>Tells the poller what to watch for, if that has changed.</summary>
    /// <returns>Ok; otherwise the kernel has no memory for the change and the poller watches for the same as before.</returns>
    public SocketStatus SetInterest(ConnectionSet set, Interest interest)
    {
        SocketStatus status = SocketStatus.Ok;
        if (_isRegistered)
        {
            status = interest == _interest ? status : set.Poller.Modify(Handle, interest, Token);
        }
        else if (interest != Interest.None)
        {
            // Detached: register again only if there is something to watch for, because the hang-up will then be reported again.
            status = set.Poller.Add(Handle, interest, Token);
            _isRegistered = status == SocketStatus.Ok;
        }

        if (status == SocketStatus.Ok)
        {
            _interest = interest;
        }

        return status;
    }

    /// <summary>Stops all reports until the interest is set again. With <see cref="Interest.None"/> a hang-up would still be reported in every wait.</summary>
    public void Detach(ConnectionSet set)
    {
        if (_isRegistered)
        {
            set.Poller.Remove(Handle);
            _isRegistered = false;
        }
    }

    /// <summary>Leaves the socket as it is, registered and readable, and gives the row of the table to another entry.</summary>
    public void HandOver(ConnectionSet set, ISocketEntry former, ISocketEntry keeper)
    {
        Invariant.Holds(IsWaitingForInput);
        set.Sockets.Replace(Token, former, keeper);
        _isRegistered = false;
        Handle = SocketHandle.None;
    }

    /// <summary>The reverse of <see cref="HandOver"/>.</summary>
    public void TakeOver(ConnectionSet set, SocketHandle ownedSocket, Token token, ISocketEntry keeper, ISocketEntry entry)
    {
        set.Sockets.Replace(token, keeper, entry);
        Handle = ownedSocket;
        Token = token;
        _interest = Interest.Readable;
        _isRegistered = true;
    }

    /// <summary>Removes the socket from poller and table, and gives it to the caller.</summary>
    public SocketHandle Release(ConnectionSet set)
    {
        SocketHandle socket = Handle;
        Detach(set);
        set.Sockets.Remove(Token);
        Handle = SocketHandle.None;
        return socket;
    }

    /// <summary>Removes the socket from poller and table and closes it. The row's next entry gets another generation.</summary>
    public void Unregister(ConnectionSet set, bool reset)
    {
        Detach(set);
        set.Sockets.Remove(Token);
        set.Stack.Close(Handle, reset);
        Handle = SocketHandle.None;
    }
}
