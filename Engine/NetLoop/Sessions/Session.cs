using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop;

/// <summary>One participant: what the application sends to and what its handlers receive from.</summary>
/// <remarks>
/// Thread: every public member may be used from any thread. On the loop thread a send is encoded straight into the connection's queue; from
/// another thread it crosses the bounded command queue, which makes a writer that is far ahead of the loop wait. Sends of one thread keep their order.
/// </remarks>
public sealed partial class Session : IMessageSender, IConnectionOwner, ITimerTarget, ICommandTarget, ISendTarget
{
    private IHandshake? _handshake;

    // Null once the session is over, and while an open one is parked.
    private Connection? _connection;
    private ParkedConnection _parked;
    private SessionExtras? _extras;
    private byte _status;
    private bool _isInputDropped;
    private bool _wasClosedHere;

    internal Session(SessionProfile profile, IHandshake? handshake, in NetEndpoint remote)
    {
        Profile = profile;
        _handshake = handshake;
        _maxSendBytes = Profile.Options.MaxFrameBytes;
        Remote = remote;
        if (Profile.Options.RateLimit is { } limit)
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

    /// <summary>Its place in the list of its loop's sessions; -1 when it is not there. Thread: loop.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>Its place among the sessions that are opening. Thread: loop.</summary>
    internal LinkedListNode<Session>? OpeningPlace { get; set; }

    /// <summary>What it shares with the others of its listener or client.</summary>
    internal SessionProfile Profile { get; }

    internal LoopServices Services => Profile.Services;

    internal RateLimiter? Limiter => _extras?.Limiter;

    private RequestTracker? Requests => _extras?.Requests;

    /// <summary>Its requests that wait for the other side. Thread: loop.</summary>
    internal int OutstandingRequests => Requests?.Outstanding ?? 0;

    private SessionExtras Extras => _extras ??= new SessionExtras();

    /// <summary>What to send on; taken up again when it is parked.</summary>
    private Connection? Connection => _connection ?? (Status == SessionStatus.Open ? Unpark() : null);

    /// <summary>Whether its connection is open, be it parked. Thread: loop.</summary>
    internal bool IsConnected => _connection is null ? Status == SessionStatus.Open : _connection.State is ConnectionState.Open or ConnectionState.Replying;

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
            Services.CommandQueue.Write(new LoopCommand(this, CloseCommand, new CloseInfo(reason, text, ByPeer: false)));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"session {Id} ({Remote})";

    /// <summary>Begins on a connection that is open, or on its way to be. Thread: loop.</summary>
    internal void Begin(Connection connection)
    {
        Attach(connection);
        if (connection.State == ConnectionState.Open && !Profile.RequiresHello)
        {
            BecomeOpen(Profile.Host.NextSessionId(), identity: null);
        }
    }

    /// <summary>Tells the peer of a new connection why there is no session for it, and closes it. Thread: loop.</summary>
    internal void Refuse(Connection connection, CloseReason reason, string text)
    {
        Attach(connection);
        End(reason, text);
    }

    /// <summary>Ends a session that got no connection. Thread: loop.</summary>
    internal void FailToConnect(in ConnectionEnd end) => Finish(new CloseInfo(end.Reason, end.Text, ByPeer: false), end, refusal: null);

    /// <summary>Opens the session: from here on messages go both ways. Thread: loop.</summary>
    internal void BecomeOpen(ulong id, object? identity)
    {
        Invariant.Holds(Status == SessionStatus.Opening);
        _handshake = null;
        Id = id;
        State ??= identity;
        if (Profile.RequiresHello && _connection is not null)
        {
            _connection.Admit();
        }

        Volatile.Write(ref _status, (byte)SessionStatus.Open);
        Services.Transport.Counters.SessionsOpened++;
        SessionLog.Opened(Services.Logger, id, Remote);
        Profile.Host.OnSessionOpened(this);
        Profile.Dispatcher.DispatchOpened(this);
        BeginDeadlines();
    }

    /// <summary>The number this session would have at its server. Thread: loop.</summary>
    internal ulong NextId() => Profile.Host.NextSessionId();

    /// <summary>What the server's welcome said. Thread: loop.</summary>
    internal void Welcomed(in Welcome welcome)
    {
        _maxSendBytes = Math.Min(_maxSendBytes, welcome.MaxFrameBytes);
        Extras.ResumeToken = welcome.ResumeToken;
    }

    /// <summary>Ends the session at once. Thread: loop.</summary>
    internal void End(CloseReason reason, string text, bool isByPeer = false, RequestException? refusal = null)
    {
        if (Status == SessionStatus.Closed)
        {
            return;
        }

        Connection? connection = Connection;
        if (connection is { CanSend: true } && Profile.SpeaksControl && !isByPeer)
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

        Finish(new CloseInfo(reason, text, isByPeer), new ConnectionEnd(reason), refusal);
        connection?.CloseGracefully(reason, text);
    }

    /// <summary>Ends the session and resets its connection, if it has one. Thread: loop.</summary>
    internal void Abort(CloseReason reason)
    {
        if (Connection is { } connection)
        {
            connection.Abort(reason);
        }
        else
        {
            FailToConnect(new ConnectionEnd(reason));
        }
    }

    void ISocketEntry.OnReady(Readiness readiness) => Unpark().OnReady(readiness);

    bool IConnectionOwner.TryPark(in ParkedConnection parked)
    {
        if (Status != SessionStatus.Open)
        {
            return false;
        }

        _parked = parked;
        _connection = null;
        return true;
    }

    void IConnectionOwner.OnDisconnected(in ConnectionEnd end)
    {
        _connection = null;
        if (_hasInputEnded)
        {
            // The first cause is the reason. What came before the end of the input is still handled, although nobody is left to read a response.
            Finish(_extras!.InputEnd, end, refusal: null, dropsInput: false);
            return;
        }

        Finish(new CloseInfo(end.Reason, end.Text, end.IsByPeer), end, refusal: null);
    }

    void ICommandTarget.OnCommand(in LoopCommand item)
    {
        switch (item.Kind)
        {
            case BodyCommand:
                AppendEncoded(item.Body);
                item.OwnedBody.Return();
                break;

            case CloseCommand:
                var close = (CloseInfo)item.State!;
                End(close.Reason, close.Text);
                break;

            case RequestCommand:
                BeginRequest((PendingRequest)item.State!, item.OwnedBody, item.BodyBytes);
                break;

            case CancelCommand:
                Requests?.End((PendingRequest)item.State!, ErrorCode.Cancelled, "The request was cancelled.");
                break;

            case InputHandledCommand:
                OnInputHandled();
                break;

            case EndOfInputCommand:
                EndAfterInput();
                break;

            default:
                Invariant.Fail($"command queue kind {item.Kind}");
                break;
        }
    }

    /// <summary>Takes a connection up again that was parked.</summary>
    private Connection Unpark()
    {
        Invariant.Holds(_connection is null);
        _connection = Profile.Parking!.Unpark(_parked, this);
        return _connection;
    }

    private void Attach(Connection connection)
    {
        Services.Sessions.Add(this);
        _connection = connection;
        if (connection.State == ConnectionState.Open)
        {
            BeginDeadlines();
        }
    }

    private void Finish(CloseInfo info, in ConnectionEnd end, RequestException? refusal, bool dropsInput = true)
    {
        SessionStatus before = Status;
        if (before == SessionStatus.Closed)
        {
            return;
        }

        _wasClosedHere = info.IsOwnDecision;
        Volatile.Write(ref _isInputDropped, _isInputDropped || dropsInput);
        Volatile.Write(ref _status, (byte)SessionStatus.Closed);
        Services.Sessions.Remove(this);
        EndDeadlines();
        _handshake?.Cancel();
        _handshake = null;
        EndRequests(info);
        LeaveAllGroups();

        Services.Transport.Counters.ClosedByReason[(int)info.Reason]++;
        SessionLog.Closed(Services.Logger, Id, Remote, info);
        Profile.Host.OnSessionEnded(this, info, end, refusal);
        if (before == SessionStatus.Open)
        {
            Services.Transport.Counters.SessionsClosed++;
            Profile.Dispatcher.DispatchClosed(this, info);
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
