using NetLoop.Time;

namespace NetLoop.Transports;

/// <summary>A listening socket: accepts a bounded number of connections an iteration and survives a process without free descriptors.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class Listener : PolledSocket, ITimerTarget
{
    /// <summary>More wait in the kernel's backlog: an accept storm must leave time in this iteration for the connections there are.</summary>
    private const int MaxAcceptsPerIteration = 16;

    // Long pauses for a shortage that passes would keep newcomers waiting behind a busy backlog. Go's net/http pauses as long.
    private const long FirstBackOff = 5_000_000;
    private const long LongestBackOff = 1_000_000_000;

    private const long NotForDescriptors = -1;

    private readonly IAcceptor _acceptor;
    private long _backOff = FirstBackOff;
    private TimerHandle _backOffTimer;
    private bool _isBackedOff;

    // How many connections had closed when there was no descriptor: when one more has, there is.
    private long _closedThen = NotForDescriptors;

    private Listener(TransportContext context, IAcceptor acceptor, NetEndpoint endpoint)
        : base(context)
    {
        _acceptor = acceptor;
        Endpoint = endpoint;
    }

    /// <summary>Where it listens, with the real port.</summary>
    public NetEndpoint Endpoint { get; }

    /// <summary>Times the process had no descriptor, or the kernel no memory, for a waiting connection.</summary>
    public long Starved { get; private set; }

    /// <summary>Registers a listening socket that the stack opened.</summary>
    public static SocketStatus TryRegister(TransportContext context, IAcceptor acceptor, SocketHandle socket, in NetEndpoint endpoint, out Listener? listener)
    {
        listener = new Listener(context, acceptor, endpoint);
        SocketStatus status = listener.Register(socket, Interest.Readable);
        if (status != SocketStatus.Ok)
        {
            listener = null;
        }
        else
        {
            context.Listeners.Add(listener);
        }

        return status;
    }

    public override void OnReady(Readiness readiness)
    {
        // A late or spurious event must not cut the pause short, nor begin a second one whose timer nobody cancels.
        if (!_isBackedOff)
        {
            AcceptPending();
        }
        else
        {
            SetInterest(Interest.None); // Once more, if the poller could not be told.
        }
    }

    /// <summary>Listens again when the server, or the process's table of descriptors, was full and is not any more.</summary>
    public void ResumeIfRoom()
    {
        if (_isBackedOff && _closedThen != NotForDescriptors && Context.Counters.ConnectionsClosed > _closedThen)
        {
            Context.Timers.Cancel(_backOffTimer);
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
        if (Handle == SocketHandle.None)
        {
            return;
        }

        Context.Timers.Cancel(_backOffTimer);
        Context.Listeners.Remove(this);

        // The file first: once the socket is closed another server may take the path, and the file would be that one's.
        Context.Stack.RemoveUnixPath(Endpoint);
        Unregister(reset: false);
    }

    void ITimerTarget.OnTimer()
    {
        _isBackedOff = false;
        Listen();
    }

    /// <summary>Waits for connections, or tries to again after a pause.</summary>
    private void Listen()
    {
        if (SetInterest(Interest.Readable) != SocketStatus.Ok)
        {
            Pause(NotForDescriptors);
        }
    }

    private void AcceptPending()
    {
        for (int accepted = 0; accepted < MaxAcceptsPerIteration; accepted++)
        {
            if (!_acceptor.HasRoom)
            {
                SetInterest(Interest.None);
                return;
            }

            SocketStatus status = Context.Stack.Accept(Handle, out SocketHandle socket, out NetEndpoint remote);
            switch (status)
            {
                case SocketStatus.Ok:
                    _backOff = FirstBackOff;
                    Context.Counters.Accepts++;
                    _acceptor.OnAccepted(socket, remote);
                    break;

                case SocketStatus.ConnectionAborted or SocketStatus.ProtocolError or SocketStatus.Interrupted or SocketStatus.AccessDenied:
                    // That one client is gone (or a firewall rule refused it); the next in the backlog is not.
                    break;

                case SocketStatus.TooManyFiles or SocketStatus.NoBuffers:
                    BackOff(status == SocketStatus.TooManyFiles ? Context.Counters.ConnectionsClosed : NotForDescriptors);
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
        Context.Counters.AcceptsStarved++;
        Pause(closedNow);
    }

    private void Pause(long closedNow)
    {
        _isBackedOff = true;
        _closedThen = closedNow;
        SetInterest(Interest.None);
        _backOffTimer = Context.Timers.Schedule(Context.Clock.PeerTime + _backOff, this);
        _backOff = Math.Min(_backOff * 2, LongestBackOff);
    }
}
