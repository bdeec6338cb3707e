using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;
using NetLoop.Transports;
using NetLoop.Transports.Streams;

namespace NetLoop;

/// <summary>One participant: what the application sends to and what its handlers receive from.</summary>
/// <remarks>
/// Thread: every public member may be used from any thread. On the loop thread a send is encoded straight into the connection's queue; from
/// another thread it crosses the bounded outbox, which makes a writer that is far ahead of the loop wait. Sends of one thread keep their order.
/// </remarks>
public sealed partial class Session : IMessageSender, IConnectionOwner, ITimerTarget, IOutboxTarget, ISendTarget
{
    private readonly SessionContext _context;
    private IHandshake? _handshake;

    // Null once the session is over, and while an open one is parked.
    private StreamConnection? _connection;
    private ParkedSocket _parked;
    private SessionExtras? _extras;
    private int _status;
    private bool _isInputDropped;
    private bool _wasClosedHere;

    internal Session(SessionContext context, IHandshake? handshake, in NetEndpoint remote)
    {
        _context = context;
        _handshake = handshake;
        _maxSendBytes = Settings.Options.MaxFrameBytes;
        Remote = remote;
        if (Settings.Options.RateLimit is { } limit)
        {
            Extras.Limiter = new RateLimiter(limit, Services.Transport.Clock.Now, Services.Transport.Clock.StalledTime);
        }
    }

    /// <summary>The session's number at its server, on both sides; 0 until it is open.</summary>
    public ulong Id { get; private set; }

    /// <summary>The other end of its connection.</summary>
    public NetEndpoint Remote { get; }

    /// <summary>Where it is in its life.</summary>
    public SessionStatus Status => (SessionStatus)Volatile.Read(ref _status);

    /// <summary>Whatever the application attaches: a player, a bot. At first the identity that the authenticator gave.</summary>
    public object? State { get; set; }

    /// <summary>Smoothed round trip of Ping; zero before the first answer.</summary>
    public TimeSpan RoundTripTime => TimeSpan.FromTicks((_heartbeat?.RoundTrip ?? 0) / 100);

    /// <summary>What to add to this side's monotonic clock to get the other side's; good to about half the round trip's variation.</summary>
    public TimeSpan ClockOffset => TimeSpan.FromTicks((_heartbeat?.ClockOffset ?? 0) / 100);

    /// <summary>The token that the server gave the session, for resuming it; empty when there is none. Client side only.</summary>
    /// <remarks>Servers of this version do not resume: a Hello with this token opens a new session with another id.</remarks>
    public ReadOnlyMemory<byte> ResumeToken => _extras?.ResumeToken;

    /// <summary>
    /// Whether what it sent and is not handled yet reaches no handler any more: this side closed the session, or its transport failed. An orderly end of the
    /// peer, and bad input, are behind what came before them instead. Thread: any.
    /// </summary>
    internal bool IsInputDropped => Volatile.Read(ref _isInputDropped);

    /// <summary>Whether it counts among its address's connections. Thread: loop.</summary>
    internal bool HoldsAddressPlace { get; init; }

    /// <summary>Its place among the sessions that are opening. Thread: loop.</summary>
    internal LinkedListNode<Session>? OpeningPlace { get; set; }

    internal SessionSettings Settings => _context.Settings;

    internal SessionServices Services => _context.Services;

    internal RateLimiter? Limiter => _extras?.Limiter;

    private RequestTracker? Requests => _extras?.Requests;

    /// <summary>Its requests that wait for the other side. Thread: loop.</summary>
    internal int OutstandingRequests => Requests?.Outstanding ?? 0;

    private SessionExtras Extras => _extras ??= new SessionExtras();

    /// <summary>What to send on; taken up again when it is parked.</summary>
    private StreamConnection? Connection => _connection ?? (Status == SessionStatus.Open ? Unpark() : null);

    /// <summary>Bytes that wait for the peer. Thread: loop.</summary>
    internal int QueuedBytes => _connection?.QueuedBytes ?? 0;

    /// <summary>Memory that input which cannot be handled yet takes. Thread: loop.</summary>
    internal int HeldBlockBytes => _connection?.HeldBlockBytes ?? 0;

    /// <summary>Closes the session: says Goodbye, sends what was sent before, and waits a bounded time for the other side to close too.</summary>
    /// <remarks>What the other side sent and is not handled yet reaches no handler any more. Responses of handlers that still run are lost.</remarks>
    /// <param name="reason">Goes to the other side and to its closed handler.</param>
    /// <param name="text">For people; left out of the Goodbye when it does not fit into a frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">The reason is none of <see cref="CloseReason"/>.</exception>
    public void Close(CloseReason reason = CloseReason.Normal, string text = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)reason, (uint)CloseReason.Evicted, nameof(reason));
        Volatile.Write(ref _isInputDropped, true);
        if (Services.IsLoopThread)
        {
            End(reason, text);
        }
        else
        {
            Services.Outbox.Write(new OutboxItem(this, OutboxClose, default, (int)reason, text));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"session {Id} ({Remote})";

    /// <summary>Begins a session on an accepted socket. Thread: loop.</summary>
    internal void Accept(SocketHandle ownedSocket)
    {
        if (TryConnect(ownedSocket, isDialing: false) && _connection!.State == ConnectionState.Open && !Settings.RequiresHello)
        {
            BecomeOpen(_context.Host.NextSessionId(), identity: null);
        }
    }

    /// <summary>Tells an accepted socket why it gets no session, and closes it. Thread: loop.</summary>
    internal void Refuse(SocketHandle ownedSocket, CloseReason reason, string text)
    {
        if (TryConnect(ownedSocket, isDialing: false))
        {
            End(reason, text);
        }
    }

    /// <summary>Begins a session on a socket that is connecting. Thread: loop.</summary>
    internal void Dial(SocketHandle ownedSocket) => TryConnect(ownedSocket, isDialing: true);

    /// <summary>Ends a session whose socket could not even begin to connect. Thread: loop.</summary>
    internal void FailToConnect(SocketStatus status) =>
        Finish(new CloseInfo(CloseReason.TransportError, status.ToString(), ByPeer: false), status, refusal: null);

    /// <summary>Opens the session: from here on messages go both ways. Thread: loop.</summary>
    internal void BecomeOpen(ulong id, object? identity)
    {
        Invariant.Holds(Status == SessionStatus.Opening);
        _handshake = null;
        Id = id;
        State ??= identity;
        if (Settings.RequiresHello && _connection is not null)
        {
            Settings.LiftHelloLimit(_connection);
        }

        Volatile.Write(ref _status, (int)SessionStatus.Open);
        Services.Transport.Counters.SessionsOpened++;
        SessionLog.Opened(Services.Logger, id, Remote);
        _context.Host.OnSessionOpened(this);
        Settings.Dispatcher.DispatchOpened(this);
        BeginDeadlines();
    }

    /// <summary>The number this session would have at its server. Thread: loop.</summary>
    internal ulong NextId() => _context.Host.NextSessionId();

    /// <summary>What the server's welcome said. Thread: loop.</summary>
    internal void Welcomed(in Welcome welcome)
    {
        _maxSendBytes = Math.Min(_maxSendBytes, welcome.MaxFrameBytes);
        Extras.ResumeToken = welcome.ResumeToken;
    }

    /// <summary>Ends the session at once. Thread: loop.</summary>
    internal void End(CloseReason reason, string text, bool isByPeer = false, RequestError? refusal = null)
    {
        if (Status == SessionStatus.Closed)
        {
            return;
        }

        StreamConnection? connection = Connection;
        if (connection is { CanSend: true } && Settings.SpeaksControl && !isByPeer)
        {
            // Past the queue's limit if need be: it is small, and the last body that this queue takes.
            var goodbye = new Goodbye((int)reason, text);
            if (Write(connection, new MessageBody<Goodbye>(in goodbye)) == SendStatus.TooLarge)
            {
                // The text is for people; the reason is what the other side must know.
                var brief = new Goodbye((int)reason, "");
                Write(connection, new MessageBody<Goodbye>(in brief));
            }
        }

        Finish(new CloseInfo(reason, text, isByPeer), SocketStatus.Ok, refusal);
        connection?.CloseGracefully(reason, text);
    }

    /// <summary>Takes a connection up again that was parked. Thread: loop.</summary>
    internal StreamConnection Unpark()
    {
        Invariant.Holds(_connection is null);
        _connection = Services.Transport.TakeConnection();
        _connection.Resume(in _parked, this, Settings.SharedFraming, Settings.StreamLimits);
        return _connection;
    }

    bool IConnectionOwner.TryPark(IFrameWriter framing, in ParkedSocket socket)
    {
        if (Status != SessionStatus.Open || framing != Settings.SharedFraming)
        {
            return false;
        }

        _parked = socket;
        _connection = null;
        return true;
    }

    void IConnectionOwner.OnDisconnected(CloseReason reason, SocketStatus failure)
    {
        _connection = null;
        if (_hasInputEnded)
        {
            // The first cause is the reason. What came before the end of the input is still handled, although nobody is left to read a response.
            Finish(_extras!.InputEnd, failure, refusal: null, dropsInput: false);
            return;
        }

        string text = failure == SocketStatus.Ok ? "" : Enum.GetName(failure)!; // ToString would box it, for every connection that fails.
        bool isByPeer = reason is CloseReason.Disconnected or CloseReason.Truncated || failure is SocketStatus.ConnectionReset or SocketStatus.BrokenPipe;
        Finish(new CloseInfo(reason, text, isByPeer), failure, refusal: null);
    }

    void IOutboxTarget.OnOutbox(in OutboxItem item)
    {
        switch (item.Kind)
        {
            case OutboxBody:
                AppendEncoded(item.OwnedBody.Span[..item.Length]);
                item.OwnedBody.Return();
                break;

            case OutboxClose:
                End((CloseReason)item.Length, (string)item.State!);
                break;

            case OutboxRequest:
                BeginRequest((PendingRequest)item.State!, item.OwnedBody, item.Length);
                break;

            case OutboxCancel:
                Requests?.End((PendingRequest)item.State!, ErrorCode.Cancelled, "The request was cancelled.");
                break;

            case OutboxInputHandled:
                OnInputHandled();
                break;

            case OutboxEndOfInput:
                EndAfterInput();
                break;

            default:
                Invariant.Fail($"outbox kind {item.Kind}");
                break;
        }
    }

    private bool TryConnect(SocketHandle ownedSocket, bool isDialing)
    {
        StreamConnection connection = Services.Transport.RentConnection();
        IFrameWriter framing = Settings.CreateFraming(Services, isDialing);
        SocketStatus status = isDialing
            ? connection.Dial(ownedSocket, this, framing, Settings.StreamLimits)
            : connection.Open(ownedSocket, this, framing, Settings.StreamLimits);
        if (status != SocketStatus.Ok)
        {
            Services.Transport.ReturnConnection(connection);
            FailToConnect(status);
            return false;
        }

        _connection = connection;
        if (Settings.RequiresHello && !isDialing)
        {
            Settings.ImposeHelloLimit(connection);
        }

        if (connection.State == ConnectionState.Open)
        {
            BeginDeadlines();
        }

        return true;
    }

    private void Finish(CloseInfo info, SocketStatus failure, RequestError? refusal, bool dropsInput = true)
    {
        SessionStatus before = Status;
        if (before == SessionStatus.Closed)
        {
            return;
        }

        _wasClosedHere = info.IsOwnDecision;
        Volatile.Write(ref _isInputDropped, _isInputDropped || dropsInput);
        Volatile.Write(ref _status, (int)SessionStatus.Closed);
        EndDeadlines();
        _handshake?.Cancel();
        _handshake = null;
        EndRequests(info);
        LeaveAllGroups();

        Services.Transport.Counters.ClosedByReason[(int)info.Reason]++;
        SessionLog.Closed(Services.Logger, Id, Remote, info);
        _context.Host.OnSessionEnded(this, info, failure, refusal);
        if (before == SessionStatus.Open)
        {
            Services.Transport.Counters.SessionsClosed++;
            Settings.Dispatcher.DispatchClosed(this, info);
        }
    }

    /// <summary>Ends the waits for responses, which cannot come any more.</summary>
    private void EndRequests(in CloseInfo info)
    {
        if (Requests is { Outstanding: > 0 } requests)
        {
            bool isStopping = info is { ByPeer: true, Reason: CloseReason.ServerStopping };
            requests.EndAll(isStopping ? ErrorCode.ServerStopping : ErrorCode.Cancelled, $"The session closed ({info}).");
        }
    }
}
