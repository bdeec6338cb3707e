using NetLoop.Time;

namespace NetLoop.Transports;

/// <summary>A listening socket: accepts a bounded number of connections an iteration and survives a process without free descriptors.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class Listener : ISocketEntry, ITimerTarget
{
    // Short: if the shortage is over soon, a long pause would keep new clients waiting in the backlog. Go's net/http pauses as long.
    private const long FirstBackOff = 5_000_000;
    private const long LongestBackOff = 1_000_000_000;

    private const long NotForDescriptors = -1;

    private readonly ConnectionSet _set;
    private readonly IAcceptor _acceptor;
    private PolledSocket _socket = new();
    private long _backOff = FirstBackOff;
    private TimerHandle _backOffTimer;
    private bool _isBackedOff;

    // ConnectionsClosed when the process ran out of descriptors. Once it grows, one is free.
    private long _closedThen = NotForDescriptors;

    private Listener(ConnectionSet set, IAcceptor acceptor, NetEndpoint endpoint)
    {
        _set = set;
        _acceptor = acceptor;
        Endpoint = endpoint;
    }

    /// <summary>The endpoint with the actual port.</summary>
    public NetEndpoint Endpoint { get; }

    /// <summary>Number of times that the process had no descriptor, or the kernel no memory, for a pending connection.</summary>
    public long Starved { get; private set; }

    /// <summary>Registers a listening socket that the stack opened.</summary>
    public static SocketStatus TryRegister(ConnectionSet set, IAcceptor acceptor, SocketHandle socket, in NetEndpoint endpoint, out Listener? listener)
    {
        listener = new Listener(set, acceptor, endpoint);
        SocketStatus status = listener._socket.Register(set, listener, socket, Interest.Readable, isListener: true);
        if (status != SocketStatus.Ok)
        {
            listener = null;
        }
        else
        {
            set.Listeners.Add(listener);
        }

        return status;
    }

    public void OnReady(Readiness readiness)
    {
        // A late or spurious event must not end the pause early or begin a second one, whose timer nobody would cancel.
        if (!_isBackedOff)
        {
            AcceptPending();
        }
        else
        {
            _socket.SetInterest(_set, Interest.None); // Try again, in case the poller failed the last time.
        }
    }

    /// <summary>Listens again after the server or the process's descriptor table was full, once it has room.</summary>
    public void ResumeIfRoom()
    {
        if (_isBackedOff && _closedThen != NotForDescriptors && _set.Counters.ConnectionsClosed > _closedThen)
        {
            _set.Timers.Cancel(_backOffTimer);
            _isBackedOff = false;
        }

        if (!_isBackedOff && _acceptor.HasRoom)
        {
            Listen();
        }
    }

    /// <summary>Stops listening. May be called more than once.</summary>
    public void Close()
    {
        if (_socket.Handle == SocketHandle.None)
        {
            return;
        }

        _set.Timers.Cancel(_backOffTimer);
        _set.Listeners.Remove(this);

        // Delete the file first: once the socket is closed, another server may take the path, and the file would be that server's.
        _set.Stack.RemoveUnixPath(Endpoint);
        _socket.Unregister(_set, reset: false);
    }

    void ITimerTarget.OnTimer()
    {
        _isBackedOff = false;
        Listen();
    }

    /// <summary>Watches for connections; if the poller fails, tries again after a pause.</summary>
    private void Listen()
    {
        if (_socket.SetInterest(_set, Interest.Readable) != SocketStatus.Ok)
        {
            Pause(NotForDescriptors);
        }
    }

    private void AcceptPending()
    {
        for (int accepted = 0; accepted < IterationBudget.MaxAccepts; accepted++)
        {
            if (!_acceptor.HasRoom)
            {
                _socket.SetInterest(_set, Interest.None);
                return;
            }

            SocketStatus status = _set.Stack.Accept(_socket.Handle, out SocketHandle socket, out NetEndpoint remote);
            switch (status)
            {
                case SocketStatus.Ok:
                    _backOff = FirstBackOff;
                    _set.Counters.Accepts++;
                    _acceptor.OnAccepted(socket, remote);
                    break;

                case SocketStatus.ConnectionAborted or SocketStatus.ProtocolError or SocketStatus.Interrupted or SocketStatus.AccessDenied:
                    // This client is gone, or a firewall rule rejected it; others in the backlog are not affected.
                    break;

                case SocketStatus.TooManyFiles or SocketStatus.NoBuffers:
                    BackOff(status == SocketStatus.TooManyFiles ? _set.Counters.ConnectionsClosed : NotForDescriptors);
                    return;

                default:
                    return;
            }
        }
    }

    private void BackOff(long closedNow)
    {
        // The connection stays in the backlog and keeps the listener readable: without a pause the loop would spin on it.
        Starved++;
        _set.Counters.AcceptsStarved++;
        Pause(closedNow);
    }

    private void Pause(long closedNow)
    {
        _isBackedOff = true;
        _closedThen = closedNow;
        _socket.SetInterest(_set, Interest.None);
        _backOffTimer = _set.Timers.Schedule(_set.Clock.PeerTime + _backOff, this);
        _backOff = Math.Min(_backOff * 2, LongestBackOff);
    }
}
