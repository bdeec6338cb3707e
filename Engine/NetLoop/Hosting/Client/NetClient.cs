using System.Diagnostics;
using NetLoop.CompilerServices;
using NetLoop.Diagnostics;
using NetLoop.Hosting;
using NetLoop.Hosting.Client;
using NetLoop.Hosting.Loop;
using NetLoop.Sessions;
using NetLoop.Sessions.Handshake;
using NetLoop.Time;
using NetLoop.Transports;
using NetLoop.Transports.Datagrams;
using NetLoop.Transports.Datagrams.Netcode;
using NetLoop.Transports.Streams;
using NetLoop.Transports.Tls;

namespace NetLoop;

/// <summary>A client: one session with a server. Thousands can share one <see cref="EventLoop"/>.</summary>
/// <remarks>
/// Thread: any. Handlers run on the client's loop. Messages that arrive before their handler is registered are dropped as unknown; to receive all of them,
/// register handlers in <see cref="NetClientOptions.Handlers"/>.
/// </remarks>
public sealed class NetClient : HandlerRegistry<NetClient>, IMessageSender, IAsyncDisposable, ISessionHost, ITimerTarget
{
    /// <summary>Nanoseconds until the next attempt to connect to a Unix listener whose backlog is full.</summary>
    private const long DialRetry = 5_000_000;

    /// <summary>Nanoseconds that a session must be open before the delays between attempts start again from the first.</summary>
    private const long StableTime = 5_000_000_000;

    private readonly EventLoop _loop;
    private readonly bool _ownsLoop;
    private readonly NetEndpoint _endpoint;

    // The endpoint of its stream connection: for a client on UDP, the one to ask for a connect token.
    private readonly NetEndpoint _stream;
    private readonly NetClientOptions _options;
    private readonly SessionProfile _profile;
    private readonly StreamTransport _transport;
    private readonly StreamSocketOptions _socketOptions;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CloseInfo> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Session _session;
    private NetEndpoint _address;
    private long _dialDeadline;
    private DialRace? _race;

    // The session that asks for a connect token; null at any other time.
    private Session? _asking;

    // The connection over UDP, and the token for the next one, if the client has asked for it already.
    private DatagramConnection? _datagrams;
    private byte[]? _nextToken;
    private int _isDisposed;

    // The activity of the attempt to connect; null if there is none.
    private Activity? _connecting;

    // The reconnection: attempts in a row, and the session of the next attempt while the client waits.
    private int _attempts;
    private long _openedAt;
    private Session? _waiting;
    private TimerHandle _timer;

    private NetClient(in NetEndpoint endpoint, NetClientOptions options)
    {
        _endpoint = endpoint;
        _options = options;

        if (endpoint.Transport == TransportKind.Udp)
        {
            Sodium.Load();
        }

        // First of all: a certificate that cannot be read leaves no loop behind.
        NetEndpoint stream = endpoint.Transport == TransportKind.Udp ? options.Udp.TokenEndpoint ?? endpoint.AsTcp() : endpoint;
        TlsClient? tls = stream.IsEncrypted
            ? new TlsClient(options.Tls, HostOf(stream), SessionProfile.Nanoseconds(options.HandshakeTimeout))
            : null;
        _stream = stream;
        _address = stream.ToTcp();
        _ownsLoop = options.Loop is null;
        _loop = options.Loop ?? new EventLoop(options.LoopOptions);
        Handlers = options.Handlers ?? new HandlerTable();
        bool requiresHello = options.Hello == HelloMode.Required;
        HandlerTable handlers = options.RawHandler is { } raw ? Handlers.ForRaw(raw) : Handlers;
        _transport = StreamSetup.Create(
            _loop.Core,
            options,
            requiresHello && endpoint.Transport != TransportKind.Udp,
            options.Framer,
            stream.IsWebSocket
                ? WebSocketOptions.ForClient(stream, options.Origin, options.Subprotocols, options.UsesText, options.HandshakeTimeout)
                : null,
            tls,
            minBodyBytes: endpoint.Transport == TransportKind.Udp ? ConnectTokenFormat.MaxBodyBytes : 0);
        _socketOptions = StreamSetup.SocketOptionsOf(options);
        _profile = new SessionProfile(_loop.Core.Services, this, options, options.Dispatcher?.Invoke(handlers) ?? handlers, requiresHello)
        {
            Parking = _transport,
            IsRaw = options.RawHandler is not null,
            SpeaksControl = options.RawHandler is null,
            Endpoint = endpoint,
            Features = FeaturesOf(options),
            ReadsTraceContext = options.AcceptTraceContext,
            SendsTraceContext = options.SendTraceContext,
        };
        _session = CreateSession(options.UserData);
    }

    /// <summary>
    /// The session. With <see cref="NetClientOptions.Reconnect"/>, the session of the last attempt: it changes with each new connection.
    /// </summary>
    public Session Session => Volatile.Read(ref _session);

    /// <summary>The handlers of the session.</summary>
    public HandlerTable Handlers { get; }

    /// <summary>Completes when the session has ended for any reason and no further attempt to connect follows; never faults.</summary>
    public Task<CloseInfo> Closed => _closed.Task;

    private protected override HandlerTable Table => Handlers;

    /// <summary>Completes when the session is open; faults when it could not open.</summary>
    internal Task Opened => _opened.Task;

    /// <summary>Connects and opens a session.</summary>
    /// <param name="uri">
    /// <c>tcp://game.example:7777</c>, <c>tls://game.example:7777</c>, <c>ws://127.0.0.1:7780</c>, <c>wss://game.example:443</c> or
    /// <c>unix:///run/game.sock</c>. A host name is looked up within the handshake timeout. Its addresses are tried in turn, IPv6 and IPv4, a quarter of a
    /// second apart, and the first one that accepts is used.
    /// </param>
    /// <param name="configure">Sets options: limits, handlers, a token, a shared loop. Handlers registered here receive all messages from the first on.</param>
    /// <param name="cancellation">Cancels the attempt.</param>
    /// <exception cref="FormatException">The text is not a valid address.</exception>
    /// <exception cref="NetConnectException">No server accepted the connection, or the server rejected the session.</exception>
    public static Task<NetClient> ConnectAsync(string uri, Action<NetClientOptions>? configure = null, CancellationToken cancellation = default) =>
        ConnectAsync(NetEndpoint.Parse(uri), configure, cancellation);

    /// <inheritdoc cref="ConnectAsync(string, Action{NetClientOptions}?, CancellationToken)"/>
    public static async Task<NetClient> ConnectAsync(NetEndpoint endpoint, Action<NetClientOptions>? configure = null, CancellationToken cancellation = default)
    {
        NetClient client = Create(endpoint, configure);
        client.BeginConnecting();
        try
        {
            if (client._ownsLoop)
            {
                client._loop.StartThread();
            }

            IReadOnlyList<NetEndpoint> addresses = await client.ResolveAsync(cancellation).ConfigureAwait(false);
            if (!client._loop.Post(() => client.Dial(addresses)))
            {
                throw new InvalidOperationException("The loop has ended; start a new one.");
            }

            await Task.WhenAny(client._opened.Task, client._loop.Completion).WaitAsync(cancellation).ConfigureAwait(false);
            if (!client._opened.Task.IsCompleted)
            {
                throw new InvalidOperationException("The loop ended before the session was open; start a new one.");
            }

            await client._opened.Task.ConfigureAwait(false);
            return client;
        }
        catch (Exception exception)
        {
            client.EndConnecting(exception);
            client._loop.Post(client.GiveUp);
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Creates a client that does not connect before <see cref="Dial()"/> is called.</summary>
    internal static NetClient Create(NetEndpoint endpoint, Action<NetClientOptions>? configure)
    {
        var options = new NetClientOptions();
        configure?.Invoke(options);
        options.Validate();
        options.ValidateFraming(endpoint.IsWebSocket);
        return new NetClient(endpoint, options);
    }

    /// <inheritdoc cref="Session.Send{T}(in T)"/>
    public SendStatus Send<T>(in T message)
        where T : INetMessage<T> => Session.Send(in message);

    /// <inheritdoc cref="Session.Send{T}(in T, Delivery)"/>
    public SendStatus Send<T>(in T message, Delivery delivery)
        where T : INetMessage<T> => Session.Send(in message, delivery);

    /// <inheritdoc cref="Session.RequestAsync{TResponse}(INetRequest{TResponse}, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TResponse>(INetRequest<TResponse> request, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        Session.RequestAsync(request, timeout, cancellation);

    /// <inheritdoc cref="Session.RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TRequest, TResponse>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse> => Session.RequestAsync<TRequest, TResponse>(request, timeout, cancellation);

    /// <inheritdoc cref="Session.RequestAsync{TRequest, TResponse, TFormatter}(TRequest, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TRequest, TResponse, TFormatter>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TFormatter : INetFormatter<TResponse> => Session.RequestAsync<TRequest, TResponse, TFormatter>(request, timeout, cancellation);

    /// <summary>Closes the session: sends the queued messages and then Goodbye, and frees the client's resources. The client does not connect again.</summary>
    public async ValueTask DisposeAsync()
    {
        // Either this thread sees the session of a new attempt, or the loop that starts the attempt sees that the client is disposed.
        Interlocked.Exchange(ref _isDisposed, 1);
        Session.Close();
        if (_ownsLoop)
        {
            await _loop.DisposeAsync().ConfigureAwait(false);
            _closed.TrySetResult(default);
        }
        else if (!_loop.Completion.IsCompleted)
        {
            await Task.WhenAny(_closed.Task, _loop.Completion).ConfigureAwait(false);
        }
    }

    void ITimerTarget.OnTimer()
    {
        _timer = default;
        if (_waiting is { } session)
        {
            _waiting = null;
            Redial(session);
        }
        else
        {
            TryDial();
        }
    }

    ulong ISessionHost.NextSessionId() => 0;

    bool ISessionHost.TryMove(Session session, in NetEndpoint remote) => true;

    void ISessionHost.OnSessionOpened(Session session)
    {
        _openedAt = _loop.Core.Clock.Now;
        if (_datagrams is not null)
        {
            session.Remote = _datagrams.Peer.Address.ToEndpoint(); // The server of its token that let it in.
        }

        EndConnecting(failure: null);
        Awaited.Complete(_opened, static opened => opened.TrySetResult());
    }

    void ISessionHost.OnSessionEnded(Session session, CloseInfo info, in ConnectionEnd end, RequestException? refusal)
    {
        _race?.Cancel();
        _asking?.Abort(CloseReason.Normal);
        NetConnectException why = _race is { HasFailed: true } race
            ? NetConnectException.ForAll(_endpoint, race.Addresses, race.Failures)
            : NetConnectException.For(_endpoint, refusal is null ? end.Failure : SocketStatus.Ok, info);
        EndConnecting(why);
        Awaited.Complete((_opened, why), static end => end._opened.TrySetException(end.why));
        _loop.Core.Transport.Timers.Cancel(_timer);
        _timer = default;
        _waiting = null;
        if (!TryReconnect(session, info))
        {
            Awaited.Complete((_closed, info), static end => end._closed.TrySetResult(end.info));
        }
    }

    // A program without tracing sends a Hello without features.
    private static uint FeaturesOf(NetClientOptions options) =>
        (options.AcceptTraceContext ? ControlTypes.ReadsTraceContext : 0)
        | (options.SendTraceContext && (NetActivities.HasListeners || Activity.Current is not null) ? ControlTypes.SendsTraceContext : 0);

    private static string HostOf(in NetEndpoint endpoint) => endpoint.HostName.Length > 0 ? endpoint.HostName : endpoint.ToIPAddress().ToString();

    private static byte[]? NullIfEmpty(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : bytes.ToArray();

    /// <summary>
    /// Ends an attempt that the caller no longer wants, without the graceful close, which would wait for the server. A session that has already ended sends
    /// its Goodbye. Thread: loop.
    /// </summary>
    private void GiveUp()
    {
        if (Session.Status == SessionStatus.Opening)
        {
            Session.Abort(CloseReason.Normal);
        }
    }

    /// <summary>Starts connecting to an endpoint that has an address. Thread: loop.</summary>
    internal void Dial() => Dial([_address]);

    /// <summary>Starts connecting to several addresses; the first one that accepts is used. Thread: loop.</summary>
    internal void Dial(IReadOnlyList<NetEndpoint> addresses)
    {
        _loop.Core.Services.Sessions.Add(Session);
        if (_options.Udp.Token is { } token && _endpoint.Transport == TransportKind.Udp)
        {
            DialDatagrams(token.Bytes.ToArray(), isNew: false);
            return;
        }

        long timeout = Session.Profile.HandshakeTimeout;
        if (addresses.Count > 1)
        {
            _race = new DialRace(_loop.Core, addresses, timeout, OnConnected, () => Fail(_race!.LastFailure));
            _race.TryNext();
            return;
        }

        _address = addresses[0];
        _dialDeadline = _loop.Core.Clock.PeerTime + timeout;
        TryDial();
    }

    private async Task<IReadOnlyList<NetEndpoint>> ResolveAsync(CancellationToken cancellation)
    {
        NetEndpoint address = _stream.ToTcp();
        if (address.IsResolved || (_options.Udp.Token is not null && _endpoint.Transport == TransportKind.Udp))
        {
            return [address];
        }

        TimeSpan timeout = Session.Profile.Options.HandshakeTimeout;
        EventLoopOptions options = _loop.Options;
        AddressLookup found = await AddressLookup.FindAsync(options.Names, address, timeout, options.TimeProvider, cancellation).ConfigureAwait(false);
        return found.Failure is { } failure ? throw NetConnectException.NotFound(_endpoint, failure) : found.Addresses;
    }

    /// <summary>Starts the activity of an attempt to connect, if anybody listens. Thread: any.</summary>
    private void BeginConnecting()
    {
        if (NetActivities.HasListeners)
        {
            _connecting = NetActivities.StartChild(NetActivities.Connect, ActivityKind.Client, _loop.Core.Services.LogActivityFault);
            _connecting?.SetTag(ActivityTags.Endpoint, _endpoint.ToUri());
        }
    }

    /// <summary>Ends the activity of the attempt to connect, if there is one. Thread: any.</summary>
    private void EndConnecting(Exception? failure)
    {
        if (_connecting is null || Interlocked.Exchange(ref _connecting, null) is not { } activity)
        {
            return;
        }

        Session session = Session;
        SessionActivities.AddPeer(activity, session.Remote);
        if (failure is null)
        {
            activity.SetTag(ActivityTags.SessionId, (long)session.Id);
        }
        else
        {
            activity.SetStatus(ActivityStatusCode.Error, failure.Message);
            activity.SetTag(ActivityTags.ErrorType, failure is NetConnectException { Reason: var reason } ? reason.ToString() : failure.GetType().Name);
        }

        NetActivities.Stop(activity, _loop.Core.Services.LogActivityFault);
    }

    private void TryDial()
    {
        if (Session.Status == SessionStatus.Closed)
        {
            return; // Closed while it waited for the next attempt.
        }

        LoopCore core = _loop.Core;
        SocketStatus status = core.Transport.Stack.Connect(_address, out SocketHandle socket);
        if (status == SocketStatus.WouldBlock && core.Clock.PeerTime < _dialDeadline)
        {
            // The backlog of a Unix listener is full, and no event reports when it has room again.
            _timer = core.Transport.Timers.Schedule(core.Clock.PeerTime + DialRetry, this);
            return;
        }

        if (status is not (SocketStatus.Ok or SocketStatus.InProgress))
        {
            Fail(status == SocketStatus.WouldBlock ? SocketStatus.TimedOut : status);
            return;
        }

        if (DescriptorBudget.IsForRuntime(core.Transport.Stack, socket))
        {
            core.Transport.Stack.Close(socket, reset: true);
            Fail(SocketStatus.TooManyFiles);
            return;
        }

        OnConnected(socket, _address);
    }

    /// <summary>Continues with a socket that is connected or connecting.</summary>
    private void OnConnected(SocketHandle ownedSocket, NetEndpoint address)
    {
        _loop.Core.Transport.Stack.Configure(ownedSocket, _socketOptions);
        if (_endpoint.Transport == TransportKind.Udp)
        {
            _address = address;
            SocketStatus asked = AskForToken(ownedSocket, address);
            if (asked != SocketStatus.Ok)
            {
                Fail(asked);
            }

            return;
        }

        Session.Remote = _endpoint.HostName.Length > 0 ? _endpoint.At(address.ToIPAddress()) : _endpoint;
        SocketStatus status = _transport.Dial(ownedSocket, Session, out Connection? connection);
        if (connection is not null)
        {
            Session.Begin(connection);
        }
        else
        {
            Fail(status);
        }
    }

    /// <summary>Asks the server for a connect token, on a session that never opens.</summary>
    private SocketStatus AskForToken(SocketHandle ownedSocket, NetEndpoint address)
    {
        NetEndpoint wanted = _endpoint.AsTcp().IsResolved ? _endpoint : NetEndpoint.Tcp(address.ToIPAddress(), _endpoint.Port).AsUdp();
        var request = new ConnectTokenRequest(ControlTypes.Version, _options.ContractFingerprint, NullIfEmpty(_options.Token), wanted.ToUri());
        var host = new TokenHost(this, Session);
        var profile = new SessionProfile(_loop.Core.Services, host, _options, Handlers, requiresHello: true);
        var asking = new Session(profile, new TokenHandshake(request, host.OnToken), address);
        _asking = asking;
        SocketStatus status = _transport.Dial(ownedSocket, asking, out Connection? connection);
        if (connection is not null)
        {
            asking.Begin(connection);
            return SocketStatus.Ok;
        }

        _asking = null;
        return status;
    }

    /// <summary>
    /// Nothing arrives over UDP any more. If the server still gives tokens, not the network is gone but the path: a router has forgotten the client's port, or
    /// the client has another address. Then it connects again at once.
    /// </summary>
    private void OnSilence()
    {
        INetworkStack stack = _loop.Core.Transport.Stack;
        if (_asking is not null || stack.Connect(_address, out SocketHandle socket) is not (SocketStatus.Ok or SocketStatus.InProgress))
        {
            return;
        }

        if (DescriptorBudget.IsForRuntime(stack, socket))
        {
            stack.Close(socket, reset: true);
            return;
        }

        stack.Configure(socket, _socketOptions);
        AskForToken(socket, _address);
    }

    /// <summary>The server has given a token while the session was open.</summary>
    private void OnNextToken(byte[] token)
    {
        if (_datagrams is { IsSilent: true } connection)
        {
            _nextToken = token;
            connection.GiveUpPath();
        }
    }

    /// <summary>Connects over UDP with a token.</summary>
    private void DialDatagrams(byte[] token, bool isNew)
    {
        if (Session.Status == SessionStatus.Closed)
        {
            return;
        }

        if (!ConnectTokenFormat.TryRead(token, out PublicToken content))
        {
            Session.FailToConnect(new ConnectionEnd(CloseReason.Malformed, Detail: "The server's connect token is malformed."));
            return;
        }

        LoopCore core = _loop.Core;
        DatagramAddress[] servers = ServersOf(content);
        Session.Remote = servers[0].ToEndpoint();
        SocketStatus status = UdpClient.Dial(
            core.Datagrams,
            token,
            servers,
            isNew,
            DatagramSetup.LimitsOf(_options, _options.Udp.MaxDatagramBytes, _profile.RequiresHello),
            DatagramSetup.SocketOptionsOf(_options, isServer: false),
            Session,
            out DatagramConnection? connection);
        _datagrams = connection;
        if (connection is not null)
        {
            connection.OnSilence = _options.Reconnect is not null && _options.Udp.Token is null ? OnSilence : null;
            Session.Begin(connection);
        }
        else
        {
            Fail(status);
        }
    }

    /// <summary>The servers of a token in the order in which to try them: the client's endpoint first, if it is among them.</summary>
    private DatagramAddress[] ServersOf(in PublicToken token)
    {
        DatagramAddress[] servers = token.Servers.ToArray();
        int wanted = _endpoint.IsResolved ? Array.IndexOf(servers, DatagramAddress.From(_endpoint)) : -1;
        if (wanted > 0)
        {
            (servers[0], servers[wanted]) = (servers[wanted], servers[0]);
        }

        return servers;
    }

    private Session CreateSession(object? userData)
    {
        IHandshake? handshake = _profile.RequiresHello
            ? new ClientHandshake(_options.ContractFingerprint, NullIfEmpty(_options.Token), NullIfEmpty(_options.ResumeToken))
            : null;
        return new Session(_profile, handshake, _endpoint) { UserData = userData };
    }

    /// <summary>Starts the wait for the next attempt to connect, if another attempt is allowed. Thread: loop.</summary>
    /// <returns>False if the client has ended.</returns>
    private bool TryReconnect(Session ended, in CloseInfo info)
    {
        if (_options.Reconnect is not { } options
            || !_opened.Task.IsCompletedSuccessfully
            || Volatile.Read(ref _isDisposed) != 0
            || _loop.Stop.HasBegun
            || options.FinalReasons.Contains(info.Reason))
        {
            return false;
        }

        LoopCore core = _loop.Core;
        if (_openedAt != 0 && core.Clock.Now - _openedAt >= StableTime)
        {
            _attempts = 0;
        }

        _openedAt = 0;
        bool isPrepared = _nextToken is not null;
        if (_attempts >= (options.MaxAttempts ?? int.MaxValue))
        {
            return false;
        }

        // The next session exists during the wait, so that the application can close it and a stop of the loop ends it like any other session.
        long delay = options.Delay(++_attempts, core.Services.Entropy);
        delay = isPrepared ? 0 : delay;
        _waiting = CreateSession(ended.UserData);
        core.Services.Sessions.Add(_waiting);
        _timer = core.Transport.Timers.Schedule(core.Clock.PeerTime + delay, this);
        if (options.OnWaiting is { } callback)
        {
            core.Inbox.Add(new WaitingEnvelope(Handlers, ended, callback, new ReconnectAttempt(_attempts, TimeSpan.FromTicks(delay / 100), info)));
        }

        Interlocked.Exchange(ref _session, _waiting);
        if (Volatile.Read(ref _isDisposed) != 0)
        {
            _waiting.Close();
        }

        return true;
    }

    /// <summary>Connects again. Thread: loop.</summary>
    private void Redial(Session session)
    {
        _race = null;
        BeginConnecting();
        if (_nextToken is { } token)
        {
            _nextToken = null;
            DialDatagrams(token, isNew: true);
        }
        else if (_stream.ToTcp() is { IsResolved: true } address)
        {
            Dial([address]);
        }
        else
        {
            _ = ResolveAndDialAsync(session);
        }
    }

    private async Task ResolveAndDialAsync(Session session)
    {
        IReadOnlyList<NetEndpoint> addresses = [];
        try
        {
            addresses = await ResolveAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (NetConnectException)
        {
            // No address: the attempt has failed, as if nobody had accepted.
        }

        _loop.Post(() =>
        {
            if (session.Status == SessionStatus.Closed)
            {
                return;
            }

            if (addresses.Count > 0)
            {
                Dial(addresses);
            }
            else
            {
                Fail(SocketStatus.NotFound);
            }
        });
    }

    /// <summary>The host of the session that asks for a connect token.</summary>
    private sealed class TokenHost(NetClient client, Session session) : ISessionHost
    {
        private byte[]? _token;

        public void OnToken(byte[] token) => _token = token;

        public ulong NextSessionId() => 0;

        public bool TryMove(Session session, in NetEndpoint remote) => true;

        public void OnSessionOpened(Session session)
        {
        }

        public void OnSessionEnded(Session asking, CloseInfo info, in ConnectionEnd end, RequestException? refusal)
        {
            client._asking = null;
            switch (session.Status)
            {
                case SessionStatus.Opening when _token is not null:
                    client.DialDatagrams(_token, isNew: true);
                    break;

                case SessionStatus.Opening:
                    string? detail = info.Text.Length > 0 ? info.Text : end.Detail;
                    session.FailToConnect(
                        refusal is null ? end with { Reason = info.Reason, Detail = detail } : new ConnectionEnd(info.Reason, Detail: detail));
                    break;

                case SessionStatus.Open when _token is not null:
                    client.OnNextToken(_token);
                    break;
            }
        }
    }

    private void Fail(SocketStatus status) => Session.FailToConnect(new ConnectionEnd(CloseReason.TransportError, status));
}
