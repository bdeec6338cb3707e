using NetLoop.Diagnostics;

namespace NetLoop.Transports;

/// <summary>A socket that is registered with the loop's poller: a listener or a connection.</summary>
/// <remarks>Thread: loop.</remarks>
internal abstract class PolledSocket : ISocketEntry
{
    private Interest _interest;
    private bool _isRegistered;

    protected PolledSocket(TransportContext context) => Context = context;

    public Token Token { get; private set; }

    protected TransportContext Context { get; }

    /// <summary>What the poller watches for; nothing while it is not registered.</summary>
    public Interest WatchedInterest => _isRegistered ? _interest : Interest.None;

    /// <summary>Whether the poller watches for input, and for nothing else.</summary>
    protected bool IsWaitingForInput => _isRegistered && _interest == Interest.Readable;

    protected SocketHandle Handle { get; private set; } = SocketHandle.None;

    /// <summary>Called once for each event of the poller.</summary>
    public abstract void OnReady(Readiness readiness);

    /// <summary>Takes a slot of the table and registers with the poller.</summary>
    /// <returns>Ok; otherwise the poller refused, the socket is in no table, and the caller closes it.</returns>
    protected SocketStatus Register(SocketHandle handle, Interest interest)
    {
        Handle = handle;
        Token = Context.Sockets.Add(this);
        SocketStatus status = Context.Poller.Add(handle, interest, Token);
        if (status != SocketStatus.Ok)
        {
            Context.Sockets.Remove(Token);
            Handle = SocketHandle.None;
            return status;
        }

        _interest = interest;
        _isRegistered = true;
        return status;
    }

    /// <summary>Tells the poller what to wait for, unless it knows.</summary>
    /// <returns>Ok; otherwise the poller has no memory for it and waits for what it waited for before.</returns>
    protected SocketStatus SetInterest(Interest interest)
    {
        SocketStatus status = SocketStatus.Ok;
        if (_isRegistered)
        {
            status = interest == _interest ? status : Context.Poller.Modify(Handle, interest, Token);
        }
        else if (interest != Interest.None)
        {
            // Detached: only an interest in something is a reason to come back and be told of the hang-up again.
            status = Context.Poller.Add(Handle, interest, Token);
            _isRegistered = status == SocketStatus.Ok;
        }

        if (status == SocketStatus.Ok)
        {
            _interest = interest;
        }

        return status;
    }

    /// <summary>Hears nothing more until the interest is set again; even <see cref="Interest.None"/> would report a hang-up, again and again.</summary>
    protected void Detach()
    {
        if (_isRegistered)
        {
            Context.Poller.Remove(Handle);
            _isRegistered = false;
        }
    }

    /// <summary>Leaves the socket as it is, registered and readable, to whoever takes the row of the table.</summary>
    protected void HandOver(ISocketEntry keeper)
    {
        Invariant.Holds(IsWaitingForInput);
        Context.Sockets.Replace(Token, this, keeper);
        _isRegistered = false;
        Handle = SocketHandle.None;
    }

    /// <summary>The reverse of <see cref="HandOver"/>.</summary>
    protected void TakeOver(SocketHandle ownedSocket, Token token, ISocketEntry keeper)
    {
        Context.Sockets.Replace(token, keeper, this);
        Handle = ownedSocket;
        Token = token;
        _interest = Interest.Readable;
        _isRegistered = true;
    }

    /// <summary>Leaves poller and table and closes the socket; the slot's next owner gets another generation.</summary>
    protected void Unregister(bool reset)
    {
        Detach();
        Context.Sockets.Remove(Token);
        Context.Stack.Close(Handle, reset);
        Handle = SocketHandle.None;
    }
}
