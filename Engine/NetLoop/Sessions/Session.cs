using System.Diagnostics;
using System.Security.Claims;
using NetLoop.Buffers;
using NetLoop.CompilerServices;
using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Messaging;
using NetLoop.Sending;
using NetLoop.Sessions.Limits;
using NetLoop.Sessions;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop;

/// <summary>One participant. The application sends to it, and its handlers receive from it.</summary>
/// <remarks>
/// Thread: every public member may be used from any thread. On the loop thread, a send is encoded directly into the connection's queue. From another
/// thread it crosses the bounded command queue; while that is full, the sending thread waits. Sends from one thread keep their order.
/// </remarks>
public sealed class Session : IMessageSender, IConnectionOwner, ITimerTarget, ICommandTarget, ISendTarget
{
    private static readonly SendMode LastMode = new(Delivery.ReliableOrdered) { IsLast = true };

    private const int BodyCommand = 0;
    private const int CloseCommand = 1;
    private const int RequestCommand = 2;
    private const int CancelCommand = 3;
    private const int InputHandledCommand = 4;
    private const int EndOfInputCommand = 5;

    private IHandshake? _handshake;

    // Null once the session is over, and while it is parked.
    private Connection? _connection;
    private ParkedConnection _parked;
    private SessionInput? _input;
    private SessionSender _sender;
    private SessionDeadlines _deadlines;
    private SessionRequests _requests;
    private SessionGroups _groups;
    private CancellationTokenSource? _closedSource;
    private byte _status;
    private bool _isInputDropped;
    private bool _wasClosedHere;
    private bool _hasLoggedUnknown;

    internal Session(SessionProfile profile, IHandshake? handshake, in NetEndpoint remote)
    {
        Profile = profile;
        _handshake = handshake;
        _sender = new SessionSender(profile.Options.MaxBodyBytes);
        Remote = remote;
        if (profile.Options.RateLimit is { } limit)
        {
            LoopClock clock = Services.Transport.Clock;
            _input = new SessionInput { Limiter = new RateLimiter(limit, clock.Now, clock.StalledTime) };
        }
    }

    /// <summary>The number that the server gave the session, the same on both sides; 0 until the session is open.</summary>
    public ulong Id { get; private set; }

    /// <summary>The remote endpoint of the connection. For a client with a host name, this is the name until it is connected, and then the address.</summary>
    public NetEndpoint Remote { get; internal set; }

    /// <summary>The stage of the session's life cycle.</summary>
    public SessionStatus Status => (SessionStatus)Volatile.Read(ref _status);

    /// <summary>An object of the application, such as a player or a bot. Unless it was set before, it starts as the identity from the authenticator.</summary>
    public object? UserData { get; set; }

    /// <summary>The peer's claims from the authenticator, such as its name and roles; null if there are none.</summary>
    public ClaimsPrincipal? User => _input?.User;

    /// <summary>
    /// Cancelled when the session has closed, so that asynchronous work for it can stop: <c>await db.LoadAsync(id, session.Closed)</c>. Callbacks
    /// registered with it run where handlers run, before the closed handlers.
    /// </summary>
    public CancellationToken Closed
    {
        get
        {
            CancellationTokenSource? source = Volatile.Read(ref _closedSource);
            if (source is null && Status != SessionStatus.Closed)
            {
                // Either this thread sees below that the session has closed, or the loop sees the source when it closes the session.
                source = Interlocked.CompareExchange(ref _closedSource, new CancellationTokenSource(), null) ?? _closedSource;
            }

            return Status == SessionStatus.Closed ? new CancellationToken(canceled: true) : source!.Token;
        }
    }

    /// <summary>Smoothed round-trip time of Ping; zero before the first response.</summary>
    public TimeSpan RoundTripTime => TimeSpan.FromTicks((_deadlines.Heartbeat?.RoundTrip ?? 0) / 100);

    /// <summary>Offset to add to this side's monotonic clock to get the other side's; accurate to about half the variation of the round-trip time.</summary>
    public TimeSpan ClockOffset => TimeSpan.FromTicks((_deadlines.Heartbeat?.ClockOffset ?? 0) / 100);

    /// <summary>The WebSocket subprotocol that the server chose from the client's offers; empty if there is none.</summary>
    public string Subprotocol => _input?.Subprotocol ?? "";

    /// <summary>The token for resuming the session, issued by the server; empty when there is none. Client side only.</summary>
    /// <remarks>Servers of this version do not resume: a Hello with this token opens a new session with another id.</remarks>
    public ReadOnlyMemory<byte> ResumeToken => _input?.ResumeToken;

    /// <summary>
    /// Whether received messages that are not handled yet are dropped, because this side closed the session or its transport failed. When the peer ends the
    /// session in order, or sends bad input, the messages received before that are still handled. Thread: any.
    /// </summary>
    internal bool IsInputDropped => Volatile.Read(ref _isInputDropped);

    /// <summary>Whether it counts as a connection of its address. Thread: loop.</summary>
    internal bool HoldsAddressPlace { get; set; }

    /// <summary>Its index in the list of its loop's sessions; -1 when it is not in the list. Thread: loop.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>Its node in the list of opening sessions. Thread: loop.</summary>
    internal LinkedListNode<Session>? OpeningPlace { get; set; }

    /// <summary>The settings shared by all sessions of its listener or client.</summary>
    internal SessionProfile Profile { get; }

    internal LoopServices Services => Profile.Services;

    /// <summary>The state of its input; null if there is none. Thread: loop for the reference.</summary>
    internal SessionInput? Input => _input;

    internal RateLimiter? Limiter => _input?.Limiter;

    /// <summary>Whether further input from the peer is discarded. Thread: loop.</summary>
    internal bool HasInputEnded => _input is { HasEnded: true };

    /// <summary>
    /// Whether another asynchronous handler may start. Responses are not subject to this limit, because running handlers may be waiting for them.
    /// Thread: loop.
    /// </summary>
    internal bool HasHandlerRoom =>
        _input is null || (_input.PendingHandlers < Profile.Options.MaxPendingHandlers && _input.PendingBytes < Profile.Options.MaxPendingHandlerBytes);

    /// <summary>Number of its asynchronous and offloaded handlers that have not ended. Thread: loop.</summary>
    internal int PendingHandlers => _input?.PendingHandlers ?? 0;

    /// <summary>Memory of the messages of those handlers, in bytes. Thread: loop.</summary>
    internal long PendingBytes => _input?.PendingBytes ?? 0;

    /// <summary>Its deadlines. Thread: loop.</summary>
    internal ref readonly SessionDeadlines Deadlines => ref _deadlines;

    /// <summary>Its requests that wait for a response. Thread: loop.</summary>
    internal ref readonly SessionRequests Requests => ref _requests;

    /// <summary>Whether requests may start. Thread: loop.</summary>
    internal bool TakesRequests => Status == SessionStatus.Open && !HasInputEnded;

    /// <summary>Length of the longest body that it may send, in bytes. Thread: any.</summary>
    internal int MaxSendBytes => _sender.MaxBodyBytes;

    /// <summary>The connection to send on; unparked if it is parked. Thread: loop.</summary>
    internal Connection? Connection => _connection ?? (Status == SessionStatus.Open ? Unpark() : null);

    /// <summary>Its connection, if it has one that is not parked. Thread: loop.</summary>
    internal Connection? ActiveConnection => _connection;

    /// <summary>Whether its requests have a trace context, if there is one. Thread: any.</summary>
    internal bool SendsTraceContext => _input is { SendsTraceContext: true };

    /// <summary>The activity of its opening; null if there is none. Thread: loop.</summary>
    internal Activity? Opening
    {
        get => _input?.Opening;
        set => EnsuredInput.Opening = value;
    }

    private SessionInput EnsuredInput => _input ??= new SessionInput();

    /// <summary>Whether its connection is open, parked or not. Thread: loop.</summary>
    internal bool IsConnected => _connection is null ? Status == SessionStatus.Open : _connection.State is ConnectionState.Open or ConnectionState.Replying;

    /// <summary>Bytes queued for the peer. Thread: loop.</summary>
    internal int QueuedBytes => _connection?.QueuedBytes ?? 0;

    /// <summary>Memory of input that cannot be handled yet, in bytes. Thread: loop.</summary>
    internal int HeldBlockBytes => _connection?.HeldBlockBytes ?? 0;

    /// <summary>Returns statistics of the session's datagrams: round-trip time, loss and retransmissions. Reading them costs nothing on the loop.</summary>
    /// <returns>Null when the session is not on UDP, or not connected.</returns>
    public LinkStatistics? GetLinkStatistics() => Volatile.Read(ref _connection)?.LinkStatistics;

    /// <summary>Sends a message. It is encoded before the call returns, and sent by the end of the iteration of the loop.</summary>
    /// <returns>Sent, or the reason why it was not sent. After Overflow the session is closed and sends nothing more.</returns>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    /// <exception cref="NullMemberException">A member is null although its type does not allow it; nothing is sent.</exception>
    public SendStatus Send<T>(in T message)
        where T : INetMessage<T>
    {
        if (message is null)
        {
            throw new ArgumentNullException(nameof(message));
        }

        var body = new MessageBody<T>(in message);
        return _sender.Send(this, in body, SendModes.Of(in message));
    }

    /// <summary>Sends a message with another delivery than its contract declares.</summary>
    /// <param name="message">The message.</param>
    /// <param name="delivery">How it is sent.</param>
    /// <inheritdoc cref="Send{T}(in T)"/>
    public SendStatus Send<T>(in T message, Delivery delivery)
        where T : INetMessage<T>
    {
        if (message is null)
        {
            throw new ArgumentNullException(nameof(message));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)delivery, (uint)Delivery.Unreliable, nameof(delivery));
        var body = new MessageBody<T>(in message);
        return _sender.Send(this, in body, SendModes.Of(in message, delivery));
    }

    /// <summary>Sends bytes as one body of the listener's framer, for raw protocols.</summary>
    /// <param name="body">At least one byte; copied before the call returns.</param>
    /// <returns>Sent, or the reason why it was not sent.</returns>
    public SendStatus SendRaw(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            throw new ArgumentException("The body is empty; it must have at least one byte.", nameof(body));
        }

        var raw = new EncodedBody(body);
        return SendBody(in raw);
    }

    /// <summary>Sends a request that declares its response type, and waits for the response.</summary>
    /// <exception cref="ArgumentNullException">The request is null.</exception>
    /// <inheritdoc cref="RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TResponse>(INetRequest<TResponse> request, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.SendAsync(this, timeout, cancellation);
    }

    /// <summary>Sends a request and waits for its response. A request that implements <see cref="INetRequest{TResponse}"/> needs no type arguments.</summary>
    /// <param name="request">Copied before the call returns.</param>
    /// <param name="timeout">
    /// Time to wait; by default the session's <see cref="SessionOptions.RequestTimeout"/>. Time in which the loop was stalled does not
    /// count. The wait may take up to twice as long while this side does not read because its handlers are overloaded.
    /// </param>
    /// <param name="cancellation">Ends the wait; the other side is not told, and its response is dropped.</param>
    /// <exception cref="RequestException">
    /// The other side responded with an error, or there was no response. The code is then TimedOut; ServerStopping if the server stopped before it handled
    /// the request, or before the handler was done; Cancelled if the session closed for another reason, so that the request may or may not have been handled;
    /// Overloaded if too many requests are outstanding or the send queue is full; or TooLarge.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks>In a handler, await it. Blocking on it (<c>.Result</c>, <c>.Wait()</c>) never ends: the response needs the thread that waits.</remarks>
    public Task<TResponse> RequestAsync<TRequest, TResponse>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse> =>
        RequestAsync<TRequest, TResponse, NetFormatters.Contract<TResponse>>(request, timeout, cancellation);

    /// <summary>Sends a request and waits for its response, which a formatter reads, for response types that are not contracts.</summary>
    /// <inheritdoc cref="RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TRequest, TResponse, TFormatter>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TFormatter : INetFormatter<TResponse> =>
        SessionRequests.SendAsync<TRequest, TResponse, TFormatter>(this, request, timeout ?? Profile.Options.RequestTimeout, cancellation);

    /// <summary>Closes the session: sends the queued messages and then Goodbye, and waits up to the close timeout for the other side to close too.</summary>
    /// <remarks>Received messages that are not handled yet are dropped. Responses of handlers that still run are lost.</remarks>
    /// <param name="reason">Sent to the other side, and passed to the closed handlers of both sides.</param>
    /// <param name="text">For people; left out of the Goodbye if it does not fit into a frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">The reason is not a value of <see cref="CloseReason"/>.</exception>
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

    /// <summary>Starts the session on a connection that is open or opening. Thread: loop.</summary>
    internal void Begin(Connection connection)
    {
        Attach(connection);
        if (connection.State == ConnectionState.Open && !Profile.RequiresHello)
        {
            BecomeOpen(Profile.Host.NextSessionId(), identity: null);
        }
    }

    /// <summary>Rejects a new connection: tells the peer the reason and closes it. Thread: loop.</summary>
    internal void Reject(Connection connection, CloseReason reason, string text)
    {
        Attach(connection);
        End(reason, text);
    }

    /// <summary>Ends a session that got no connection. Thread: loop.</summary>
    internal void FailToConnect(in ConnectionEnd end) => Finish(new CloseInfo(end.Reason, end.Text, ByPeer: false), end, refusal: null);

    /// <summary>Opens the session: from here on messages go both ways. Thread: loop.</summary>
    internal void BecomeOpen(ulong id, object? identity, ClaimsPrincipal? user = null)
    {
        Invariant.Holds(Status == SessionStatus.Opening);
        _handshake = null;
        Id = id;
        UserData ??= identity;
        if (user is not null)
        {
            EnsuredInput.User = user;
        }

        if (Profile.RequiresHello && _connection is not null)
        {
            _connection.Admit();
        }

        Volatile.Write(ref _status, (byte)SessionStatus.Open);
        Services.Transport.Counters.SessionsOpened++;
        SessionLog.Opened(Services.Logger, id, Remote);
        SessionActivities.EndOpening(this, failure: null);
        Profile.Host.OnSessionOpened(this);
        Profile.Dispatcher.DispatchOpened(this);
        _deadlines.Begin(this);
    }

    /// <summary>Allows bodies of full length before the session is open. Thread: loop.</summary>
    internal void AdmitEarly() => _connection?.Admit();

    /// <summary>Says what is missing if the session does not open in time; for people. Thread: loop.</summary>
    internal string HandshakeTimeoutText => _handshake?.TimeoutText ?? "The session did not open within the handshake timeout.";

    /// <summary>The next session number of the server. Thread: loop.</summary>
    internal ulong NextId() => Profile.Host.NextSessionId();

    /// <summary>Applies the server's Welcome. Thread: loop.</summary>
    internal void Welcomed(in Welcome welcome)
    {
        _sender.Limit(welcome.MaxBodyBytes);
        EnsuredInput.ResumeToken = welcome.ResumeToken;
    }

    /// <summary>Applies the features that the other side has announced. Thread: loop.</summary>
    internal void Announced(uint features)
    {
        if (Profile.SendsTraceContext && (features & ControlTypes.ReadsTraceContext) != 0)
        {
            EnsuredInput.SendsTraceContext = true;
        }
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
            // This may exceed the queue's limit: the body is small, and the queue takes no more after it.
            var goodbye = new Goodbye((int)reason, text);
            if (_sender.Write(this, connection, new MessageBody<Goodbye>(in goodbye), LastMode) == SendStatus.TooLarge)
            {
                // The text is for people; the other side needs only the reason.
                var brief = new Goodbye((int)reason, "");
                _sender.Write(this, connection, new MessageBody<Goodbye>(in brief), LastMode);
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

    /// <summary>Ends the session for the reason for which its input ended. Thread: loop.</summary>
    internal void EndAfterInput()
    {
        CloseInfo info = _input!.End;
        End(info.Reason, info.Text, info.ByPeer);
    }

    /// <summary>Ends the session for the reason in the peer's Goodbye, after everything received before it is handled. Thread: loop.</summary>
    internal void EndByGoodbye(in Goodbye goodbye)
    {
        // An unknown reason is still a Goodbye.
        CloseReason reason = Enum.IsDefined((CloseReason)goodbye.Reason) ? (CloseReason)goodbye.Reason : CloseReason.Normal;
        EndInput(reason, goodbye.Text ?? "", isByPeer: true);
    }

    /// <summary>Logs the session's first message that has no handler. Thread: loop.</summary>
    internal void LogUnknown(int type)
    {
        if (!_hasLoggedUnknown)
        {
            _hasLoggedUnknown = true;
            Services.LogUnknownMessage(this, type);
        }
    }

    /// <summary>Reads the peer's input before a deadline ends the session, because a busy loop may not have read it yet. Thread: loop.</summary>
    /// <returns>False when that is not possible right now.</returns>
    internal bool ReadWaiting() => Status == SessionStatus.Closed || Connection is not { } connection || connection.TryReadWaiting();

    /// <summary>Reads the peer's input, which may include a response. Thread: loop.</summary>
    /// <returns>False if some of it must wait for handlers.</returns>
    internal bool ReadWaitingResponses() => ReadWaiting() && _connection is not { IsReadPaused: true };

    /// <summary>Records that it joined a group. Thread: loop.</summary>
    /// <returns>False when it was a member already.</returns>
    internal bool TryJoin(IJoinedGroup group, int place) => _groups.TryJoin(group, place);

    /// <summary>Records that it left a group. Thread: loop.</summary>
    /// <returns>False when it was not a member.</returns>
    internal bool TryLeave(IJoinedGroup group, out int place) => _groups.TryLeave(group, out place);

    /// <summary>Whether it is a member of a group. Thread: loop.</summary>
    internal bool IsIn(IJoinedGroup group) => _groups.Contains(group);

    /// <summary>Records its new index in a group. Thread: loop.</summary>
    internal void MoveInGroup(IJoinedGroup group, int place) => _groups.Move(group, place);

    /// <summary>Sends the response to a request. Thread: any.</summary>
    internal void Respond<T>(uint id, in T result)
        where T : INetContract<T> => _sender.Respond(this, id, in result);

    /// <summary>Sends an error response to a request. Thread: any.</summary>
    internal void RespondError(uint id, int code, string text) => _sender.RespondError(this, id, code, text);

    /// <summary>Rejects Hello with an error response; the text is left out if it does not fit into the first frames. Thread: loop.</summary>
    internal void RejectHello(uint id, int code, string text)
    {
        if (_connection is { State: ConnectionState.Open } connection && _sender.Write(this, connection, new ErrorBody(id, code, text)) == SendStatus.TooLarge)
        {
            _sender.Write(this, connection, new ErrorBody(id, code, ""));
        }
    }

    /// <summary>Sends a body of the handshake, before the session is open. Thread: loop.</summary>
    internal void SendHandshakeBody<TBody>(scoped in TBody body)
        where TBody : struct, IBody, allows ref struct
    {
        if (_connection is { State: ConnectionState.Open } connection)
        {
            _sender.WriteOrOverflow(this, connection, in body);
        }
    }

    /// <summary>Sends a body. Thread: any.</summary>
    internal SendStatus SendBody<TBody>(scoped in TBody body)
        where TBody : struct, IBody, allows ref struct => _sender.Send(this, in body);

    /// <summary>Queues a body that is encoded already. Thread: loop.</summary>
    internal SendStatus AppendEncoded(ReadOnlySpan<byte> body, SendMode mode = default) => _sender.Append(this, body, mode);

    /// <summary>Asks the loop to queue a body that is encoded already.</summary>
    internal LoopCommand CommandToSend(Lease ownedBody, int length, SendMode mode) =>
        new(this, BodyCommand) { OwnedBody = ownedBody, BodyBytes = length, Mode = mode };

    /// <summary>Sends a request whose payload is encoded. Thread: any.</summary>
    /// <returns>False when the loop has ended; then the payload is still the caller's.</returns>
    internal bool BeginRequest(PendingRequest request, Lease ownedPayload, int length)
    {
        if (!Services.IsLoopThread)
        {
            return Services.CommandQueue.Write(new LoopCommand(this, RequestCommand, request) { OwnedBody = ownedPayload, BodyBytes = length });
        }

        _requests.Begin(this, request, ownedPayload, length);
        return true;
    }

    /// <summary>Ends the wait for a response that the caller no longer wants. Thread: any.</summary>
    internal void CancelRequest(PendingRequest request)
    {
        if (Services.IsLoopThread)
        {
            _requests.Cancel(request);
        }
        else
        {
            Services.CommandQueue.Write(new LoopCommand(this, CancelCommand, request));
        }
    }

    /// <summary>Counts a response that cannot be sent because this side closed the session; not counted if the peer closed it. Thread: any.</summary>
    internal void CountLostResponse()
    {
        if (_wasClosedHere && !Services.IsOver)
        {
            Interlocked.Increment(ref Services.Transport.Counters.ResponsesLost);
        }
    }

    void ISendTarget.SendEncoded(ReadOnlySpan<byte> body, SendMode mode) => AppendEncoded(body, mode);

    void ITimerTarget.OnTimer() => _deadlines.OnTimer(this);

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
        if (_input is { HasEnded: true })
        {
            // The first cause is the reason. Input received before the end is still handled, although the peer can no longer read a response.
            Finish(_input.End, end, refusal: null, dropsInput: false);
            return;
        }

        Finish(new CloseInfo(end.Reason, end.Text, end.IsByPeer), end, refusal: null);
    }

    bool IConnectionOwner.TryMove(in NetEndpoint remote)
    {
        bool mayStay = Profile.Host.TryMove(this, remote);
        if (!mayStay)
        {
            End(CloseReason.RateLimited, "Too many connections from this address; try again later.");
        }

        return mayStay;
    }

    void IConnectionOwner.OnConnected()
    {
        if (_connection?.Subprotocol is { } subprotocol)
        {
            EnsuredInput.Subprotocol = subprotocol;
        }

        _deadlines.Begin(this);
        if (_handshake is null)
        {
            BecomeOpen(Profile.Host.NextSessionId(), identity: null);
        }
        else
        {
            _handshake.OnConnected(this);
        }
    }

    bool IConnectionOwner.OnBodies(ref BodyBatch bodies)
    {
        if (!Services.Inbox.HasRoom)
        {
            return false;
        }

        if (_handshake is not null)
        {
            return _handshake.OnBody(this, bodies.First);
        }

        bool isTaken = BodyRouter.Route(this, ref bodies);
        if (isTaken)
        {
            LoopClock clock = Services.Transport.Clock;
            _deadlines.Heard(clock.PeerTime);
            if (Limiter is { } limiter && !limiter.TryTakeBody(bodies.First.Length, clock.Now, clock.StalledTime))
            {
                EndInput(CloseReason.RateLimited, "More messages or bytes a second than the server allows.", isByPeer: false);
            }
        }

        return isTaken;
    }

    void IConnectionOwner.OnBadInput(CloseReason reason, string text) =>
        EndInput(reason, text, isByPeer: reason is not (CloseReason.Malformed or CloseReason.FrameTooLarge or CloseReason.HandshakeTimeout));

    void IConnectionOwner.OnEndOfInput(CloseReason reason, string text) =>
        EndInput(reason == CloseReason.Disconnected ? Profile.EndOfInputReason : reason, text, isByPeer: true);

    void IConnectionOwner.OnSendBlocked() => _deadlines.Reschedule(this);

    /// <summary>
    /// Stops taking input, because the peer ended the session or sent bad input. Input received before is handled and gets its responses first, for at most
    /// the close timeout; then the session ends. Thread: loop.
    /// </summary>
    internal void EndInput(CloseReason reason, string text, bool isByPeer)
    {
        if (Status != SessionStatus.Open)
        {
            End(reason, text, isByPeer);
        }
        else if (!HasInputEnded)
        {
            SessionInput input = EnsuredInput;
            input.Ended(new CloseInfo(reason, text, isByPeer));
            _deadlines.Heard(Services.Transport.Clock.PeerTime);
            _connection!.EndInput();
            _requests.EndAll(input.End); // Handlers may be waiting for responses that can no longer arrive.
            _deadlines.Reschedule(this);
            Profile.Dispatcher.DispatchEndOfInput(this);
        }
    }

    /// <summary>Called when everything received before the end of the input is handled. Thread: any.</summary>
    internal void OnInputHandled()
    {
        if (!Services.IsLoopThread)
        {
            Services.CommandQueue.Write(new LoopCommand(this, InputHandledCommand));
            return;
        }

        SessionInput input = _input!;
        if (!input.IsHandled)
        {
            _deadlines.Heard(Services.Transport.Clock.PeerTime); // From here on the close timeout bounds the asynchronous handlers that still run.
        }

        if (input.Handled())
        {
            // The sends of handlers on other threads are in the command queue by now, and must go out first.
            CommandQueue commands = Services.CommandQueue;
            if (!commands.HasItems)
            {
                EndAfterInput();
            }
            else if (!commands.TryWrite(new LoopCommand(this, EndOfInputCommand)))
            {
                Profile.Dispatcher.DispatchEndOfInput(this); // The command queue is full: try again when the loop has drained it.
            }
        }
    }

    /// <summary>Counts an asynchronous or offloaded handler that is about to start. Thread: loop.</summary>
    /// <param name="heldBytes">The memory of its message, which it keeps until it ends.</param>
    internal void HandlerStarted(long heldBytes)
    {
        EnsuredInput.HandlerStarted(heldBytes);
        Services.HandlerStarted();
    }

    /// <summary>Counts such a handler as ended. Thread: any.</summary>
    /// <param name="heldBytes">The same value as when it started.</param>
    internal void HandlerEnded(long heldBytes)
    {
        if (_input!.HandlerEnded(heldBytes))
        {
            OnInputHandled();
        }

        Services.HandlerEnded();
    }

    void ICommandTarget.OnCommand(in LoopCommand item)
    {
        switch (item.Kind)
        {
            case BodyCommand:
                AppendEncoded(item.Body, item.Mode);
                item.OwnedBody.Return();
                break;

            case CloseCommand:
                var close = (CloseInfo)item.State!;
                End(close.Reason, close.Text);
                break;

            case RequestCommand:
                _requests.Begin(this, (PendingRequest)item.State!, item.OwnedBody, item.BodyBytes);
                break;

            case CancelCommand:
                _requests.Cancel((PendingRequest)item.State!);
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

    /// <summary>Gets a connection object for a session that was parked.</summary>
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
            _deadlines.Begin(this);
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
        _deadlines.End(this);
        _handshake?.Cancel();
        _handshake = null;
        _requests.EndAll(info);
        _groups.LeaveAll(this);

        Services.Transport.Counters.ClosedByReason[(int)info.Reason]++;
        SessionLog.Closed(Services.Logger, Id, Remote, info);
        SessionActivities.EndOpening(this, info);
        Profile.Host.OnSessionEnded(this, info, end, refusal);
        Interlocked.MemoryBarrier();
        if (_closedSource is { } closed)
        {
            Profile.Dispatcher.DispatchCancellation(this, closed);
        }

        if (before == SessionStatus.Open)
        {
            Services.Transport.Counters.SessionsClosed++;
            Profile.Dispatcher.DispatchClosed(this, info);
        }
    }
}
