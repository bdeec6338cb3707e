using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Framing.WebSockets;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;
using NetLoop.Transports;
using NetLoop.Transports.Streams;

namespace NetLoop.Hosting;

/// <summary>One loop of a server: its listeners, the sessions it opens, and its stop.</summary>
/// <remarks>
/// The stop, step by step: no new connections, and nothing that is read from now on reaches a handler; what was received before is handled and answered;
/// everybody is told Goodbye and gets what was sent before; the rest is reset at the deadline. So a request without a response was not handled. Each loop of a server goes through it by itself.
/// Thread: the loop, unless a member says otherwise.
/// </remarks>
internal sealed class ServerLoop : ILoopParticipant
{
    private readonly NetServer _server;
    private readonly NetServerOptions _options;
    private readonly List<SessionAcceptor> _acceptors = [];
    private readonly List<Listener> _listeners = [];
    private LogLimiter _framerFaultLines;
    private LogLimiter _forbiddenLines;
    private StopPhase _stopPhase;
    private long _drainDeadline = long.MaxValue;
    private TimerHandle _drainTimer;

    /// <param name="server">Whose loop it is.</param>
    /// <param name="options">The server's.</param>
    /// <param name="index">Which of its loops, from 0.</param>
    public ServerLoop(NetServer server, NetServerOptions options, int index)
    {
        _server = server;
        _options = options;
        Loop = new EventLoop(options.Loops == 1 ? options : options.ForLoop(index, options.Loops));
        Core.Join(this);
        Opening = new OpeningSessions(Math.Max(1, options.MaxOpeningConnections / options.Loops), options.MaxOpeningBytes / options.Loops);
    }

    private enum StopPhase
    {
        Running,
        HandlingInbox,
        AwaitingHandlers,
        Closing,
    }

    public EventLoop Loop { get; }

    public LoopCore Core => Loop.Core;

    /// <summary>Whether its stop has begun.</summary>
    public bool IsStopping => _stopPhase != StopPhase.Running;

    /// <summary>Whether nothing but its next iteration is between it and Goodbye. For the simulator's invariants.</summary>
    public bool IsDueToSayGoodbye => _stopPhase == StopPhase.AwaitingHandlers && AreHandlersDone();

    public OpeningSessions Opening { get; }

    /// <summary>What it does with the connections of each of the server's listeners, in their order; some of them another loop accepts.</summary>
    public IReadOnlyList<SessionAcceptor> Acceptors => _acceptors;

    /// <summary>Prepares for the connections of one of the server's listeners.</summary>
    public void AddAcceptor(ListenOptions options, AddressLimiter addresses) =>
        _acceptors.Add(new SessionAcceptor(_server, this, _acceptors.Count, options, addresses));

    /// <summary>What the sessions of one listener share on this loop, and what makes their connections.</summary>
    public SessionProfile ProfileFor(ListenOptions options, SessionAcceptor acceptor, out StreamTransport transport)
    {
        bool isRaw = options.RawHandler is not null;
        HandlerTable handlers = isRaw ? _server.Handlers.ForRaw(options.RawHandler!) : _server.Handlers;
        bool requiresHello = options.Hello == HelloMode.Required;
        transport = StreamSetup.Create(
            Core,
            options,
            requiresHello,
            options.Framer is { } factory ? () => new GuardedFramer(factory, OnFramerFault) : null,
            options.Endpoint.Kind == EndpointKind.WebSocket ? options.WebSocket.ForServer(options.Endpoint, OnUpgradeForbidden) : null);
        return new SessionProfile(Core.Services, acceptor, options, handlers, requiresHello)
        {
            Parking = transport,
            IsRaw = isRaw,
            SpeaksControl = !isRaw,
            EndOfInputReason = requiresHello ? CloseReason.Disconnected : CloseReason.Normal,
            Fingerprint = _options.ContractFingerprint,
            AcceptsAnyFingerprint = _options.AcceptAnyFingerprint,
            Authenticate = _options.Authenticate,
            TickRate = _options.TickRate,
        };
    }

    /// <summary>Listens on a socket for the acceptor added last.</summary>
    public SocketStatus TryListen(SocketHandle socket, in NetEndpoint bound)
    {
        SocketStatus status = Listener.TryRegister(Core.Transport, _acceptors[^1], socket, bound, out Listener? listener);
        if (listener is not null)
        {
            _listeners.Add(listener);
        }

        return status;
    }

    public void CloseListeners()
    {
        foreach (Listener listener in _listeners)
        {
            listener.Close();
        }

        _listeners.Clear();
    }

    void ILoopParticipant.OnIterationEnded()
    {
        Opening.EndThoseBeyondMemory();
        if (_stopPhase == StopPhase.Running)
        {
            foreach (Listener listener in _listeners)
            {
                listener.ResumeIfRoom();
            }
        }
        else if (_stopPhase < StopPhase.Closing && (Core.Clock.Now >= _drainDeadline || (_stopPhase == StopPhase.AwaitingHandlers && AreHandlersDone())))
        {
            SayGoodbye();
        }
    }

    /// <summary>Whether no handler runs, and what they sent before they ended is on its way: in this order, as they did it.</summary>
    private bool AreHandlersDone() => Core.Services.PendingHandlers == 0 && !Core.CommandQueue.HasItems;

    /// <summary>Begins the stop, or ends a loop that never ran. Thread: any.</summary>
    public void RequestStop()
    {
        if (!Loop.IsStarted || !Loop.Post(BeginStop))
        {
            _ = Loop.StopAsync(TimeSpan.Zero);
        }
    }

    /// <summary>Ends at once: whatever is not sent is lost. Thread: any.</summary>
    public void RequestAbort()
    {
        if (!Loop.IsStarted)
        {
            _ = Loop.StopAsync(TimeSpan.Zero);
            return;
        }

        Loop.Post(() =>
        {
            Core.Services.IsStopping = true;
            CloseListeners();
            _stopPhase = StopPhase.Closing;
            Core.Transport.Timers.Cancel(_drainTimer);
            Loop.EndSessions(CloseReason.ServerStopping, "The server is stopping.");
            Loop.BeginStop(TimeSpan.Zero);
        });
    }

    private void BeginStop()
    {
        if (_stopPhase != StopPhase.Running)
        {
            return;
        }

        if (Core.Services.LoopIndex == 0)
        {
            HostingLog.Stopping(Core.Logger, _server.Everyone.Count, _options.DrainTimeout.TotalSeconds);
        }

        Core.Services.IsStopping = true;
        CloseListeners();
        Opening.EndAll(CloseReason.ServerStopping, "The server is stopping.");

        // Half the time for handlers, so that one that hangs does not cost the others their Goodbye. In real time, unlike deadlines of peers: somebody
        // waits for the stop, however long handlers take.
        long half = SessionProfile.Nanoseconds(_options.DrainTimeout) / 2;
        _drainDeadline = Core.Clock.Now + half;
        _stopPhase = StopPhase.HandlingInbox;
        Core.Inbox.Add(new InboxHandledEnvelope(this));
        _drainTimer = Core.Transport.Timers.Schedule(Core.Clock.PeerTime + half, new DrainDeadline(this));
    }

    private void OnInboxHandled()
    {
        if (_stopPhase == StopPhase.HandlingInbox)
        {
            _stopPhase = StopPhase.AwaitingHandlers;
        }
    }

    private void SayGoodbye()
    {
        _stopPhase = StopPhase.Closing;
        Core.Transport.Timers.Cancel(_drainTimer);
        Loop.EndSessions(CloseReason.ServerStopping, "The server is stopping.");
        Loop.BeginStop(_options.DrainTimeout / 2);
    }

    private void OnFramerFault(Exception exception)
    {
        Interlocked.Increment(ref Core.Counters.HandlerFaults);
        if (_framerFaultLines.TryEnter(Core.Clock.Now, out long suppressed))
        {
            HostingLog.FramerFailed(Core.Logger, suppressed, exception);
        }
    }

    private void OnUpgradeForbidden(UpgradeResponse answer)
    {
        if (_forbiddenLines.TryEnter(Core.Clock.Now, out long suppressed))
        {
            HostingLog.UpgradeForbidden(Core.Logger, answer.Status, EscapedText.From(answer.Text), suppressed);
        }
    }

    /// <summary>Stands in the inbox behind everything received before the stop.</summary>
    private sealed class InboxHandledEnvelope(ServerLoop server) : Envelope
    {
        public override void Deliver() => server.Loop.Post(server.OnInboxHandled);

        public override void Discard() => Deliver();
    }

    /// <summary>Ends the wait for handlers, also for one that blocks the handlers' thread.</summary>
    private sealed class DrainDeadline(ServerLoop server) : ITimerTarget
    {
        public void OnTimer() => server.OnInboxHandled();
    }
}
