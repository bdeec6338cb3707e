using NetLoop.Hosting;
using NetLoop.Hosting.Loop;
using NetLoop.Hosting.Server;
using NetLoop.Messaging;
using NetLoop.Transports;
using NetLoop.Transports.Datagrams.Netcode;
using NetLoop.Transports.Tls;

namespace NetLoop;

/// <summary>A server: listeners, sessions, handlers and ticks on one or more loops.</summary>
/// <remarks>
/// Thread: any, unless a member says otherwise. Handlers run on the loop of their session and ticks on the first loop; with
/// <see cref="HandlerMode.Dedicated"/>, each loop has a second thread for them. With one loop, the default, all handlers and ticks share one thread and need
/// no locks. With several loops, handlers of sessions on different loops run at the same time as each other and as ticks, so the application must
/// synchronize access to the state that they share.
/// </remarks>
public sealed class NetServer : HandlerRegistry<NetServer>, IAsyncDisposable
{
    /// <summary>How long a start waits for the address of a host name.</summary>
    private static readonly TimeSpan NameTimeout = TimeSpan.FromSeconds(5);

    private readonly NetServerOptions _options;
    private readonly ServerLoop[] _loops;
    private readonly List<NetEndpoint> _endpoints = [];
    private readonly UdpTokens _tokens;
    private ulong _lastSessionId;
    private int _isStopRequested;

    private NetServer(NetServerOptions options)
    {
        _options = options;
        _tokens = new UdpTokens(options.TimeProvider, options.Entropy);
        MaxConnections = AffordableConnections(options.Stack ?? NetworkStack.CreateDefault(options.Poller));
        _loops = new ServerLoop[Math.Clamp(options.Loops, 1, NetServerOptions.MostLoops)];
        for (int i = 0; i < _loops.Length; i++)
        {
            try
            {
                _loops[i] = new ServerLoop(this, options, i);
            }
            catch
            {
                ForgetLoops(count: i); // No descriptor for another poller: free the loops created before.
                throw;
            }

            if (_loops.Length > 1 && !Core.Transport.Stack.CanShareSockets)
            {
                ForgetLoops(count: 1);
                throw new PlatformNotSupportedException(
                    $"Loops is {_loops.Length}, but sockets of the {Core.Transport.Stack.Name} stack belong to one loop each: set it to 1.");
            }
        }

        if (_loops.Length > 1)
        {
            foreach (ServerLoop loop in _loops)
            {
                loop.Core.CommandQueue.QueueOfCaller = QueueOfCaller;
                loop.Loop.OnFailed = Abort; // A server that lost one of its loops would look alive but serve only some of its sessions.
            }
        }

        Everyone = CreateGroup();
        Groups = new NamedGroups((name, groups) => new SessionGroup(_loops.Select(loop => loop.Core.Services), MaxBodyOf(_options), name, groups));
        Completion = _loops.Length == 1 ? Loop.Completion : WhenAllEndedAsync();
    }

    /// <summary>The server's handlers. The registration methods of the server add to this table.</summary>
    public HandlerTable Handlers { get; } = new();

    /// <summary>The endpoints on which the server listens, with the actual port numbers; empty until it has started.</summary>
    public IReadOnlyList<NetEndpoint> Endpoints => _endpoints;

    /// <summary>
    /// Maximum number of connections at a time: the option's value, or the number of descriptors that the process can still open if that is less.
    /// Computed when the server is created, and again when it starts.
    /// </summary>
    public int MaxConnections { get; private set; }

    /// <summary>All open sessions, except those of raw listeners.</summary>
    public SessionGroup Everyone { get; }

    /// <summary>All open sessions: to enumerate, count, and find by <see cref="Session.Id"/>.</summary>
    public OpenSessions Sessions { get; } = new();

    /// <summary>Named groups, such as rooms. A group exists while it has members.</summary>
    public NamedGroups Groups { get; }

    /// <summary>Completes when the server has stopped. Faults if a loop failed, which also ends the other loops.</summary>
    public Task Completion { get; }

    /// <summary>The connect tokens of the UDP listeners.</summary>
    internal UdpTokens Tokens => _tokens;

    internal IReadOnlyList<ServerLoop> Loops => _loops;

    private protected override HandlerTable Table => Handlers;

    /// <summary>The first loop, which runs the ticks; by default the only one.</summary>
    internal EventLoop Loop => _loops[0].Loop;

    /// <summary>The core of the first loop.</summary>
    internal LoopCore Core => Loop.Core;

    /// <summary>The opening sessions of the first loop.</summary>
    internal OpeningSessions Opening => _loops[0].Opening;

    /// <summary>Number of connections of all loops; for loops other than the caller's, the number may be a moment old.</summary>
    internal int ConnectionCount
    {
        get
        {
            int count = 0;
            foreach (ServerLoop loop in _loops)
            {
                count += loop.Core.Transport.ConnectionCount;
            }

            return count;
        }
    }

    /// <summary>Creates a server. It does not listen before it is started.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it and the values that are allowed.</exception>
    /// <exception cref="PlatformNotSupportedException">The platform does not have the selected poller, or does not support several loops.</exception>
    /// <exception cref="InsufficientDescriptorsException">The process may open too few files to serve a single connection.</exception>
    /// <exception cref="IOException">There is no descriptor for a loop's poller.</exception>
    public static NetServer Create(Action<NetServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new NetServerOptions();
        configure(options);
        return new NetServer(options);
    }

    /// <summary>Registers a tick handler, which runs where the first loop's handlers run. Call this before the server starts, or on the first loop.</summary>
    public NetServer OnTick(Action<TickContext> handler)
    {
        Loop.OnTick(handler);
        return this;
    }

    /// <summary>Creates an empty group for sessions of this server.</summary>
    public SessionGroup CreateGroup() => new(_loops.Select(loop => loop.Core.Services), MaxBodyOf(_options));

    /// <summary>Sends a message to every open session, except those of raw listeners.</summary>
    public SendStatus Broadcast<T>(in T message)
        where T : INetMessage<T> => Everyone.Broadcast(in message);

    /// <summary>Sends a message to every open session except some sessions and those of raw listeners.</summary>
    /// <inheritdoc cref="SessionGroup.Broadcast{T}(in T, ReadOnlySpan{Session})"/>
    public SendStatus Broadcast<T>(in T message, params ReadOnlySpan<Session> except)
        where T : INetMessage<T> => Everyone.Broadcast(in message, except);

    /// <summary>Runs an action on the thread of the first loop, where the state of that loop's sessions can be read without races.</summary>
    /// <remarks>Called on that thread, it runs the action at once, before it returns; on another thread it queues the action.</remarks>
    /// <returns>False if the server has stopped.</returns>
    public bool Post(Action action) => Loop.Post(action);

    /// <summary>Returns the server's counters and current state, summed over its loops.</summary>
    public LoopStatistics GetStatistics() => LoopStatistics.Sum([.. _loops.Select(loop => loop.Loop.GetStatistics())]);

    /// <summary>Opens the listeners and starts the loops.</summary>
    /// <exception cref="NetListenException">An endpoint is in use or not usable; nothing is left open.</exception>
    /// <exception cref="InsufficientDescriptorsException">The process may open too few files to serve a single connection; nothing is left open.</exception>
    /// <exception cref="IOException">There is no descriptor for the poller of a handlers' thread; the server ends.</exception>
    public void Start()
    {
        Open();
        if (_options.Listeners.Count == 0)
        {
            HostingLog.NoListeners(Core.ServerLogger);
        }

        if (_options.Runner is null)
        {
            WarmUp.Run(_options);
        }

        foreach (ServerLoop loop in _loops)
        {
            // From here on the caller is not the loop thread, even before the loop's own thread starts.
            loop.Core.Services.UnbindFromThread();
        }

        try
        {
            foreach (ServerLoop loop in _loops)
            {
                loop.Loop.StartThread();
            }
        }
        catch
        {
            Abort(); // The loop that failed to start has already ended.
            throw;
        }
    }

    /// <summary>
    /// Starts the server, and completes when Ctrl+C, SIGTERM or the end of the terminal has stopped it gracefully. A second signal ends it at once; see
    /// <see cref="StopSignal"/>.
    /// </summary>
    /// <exception cref="NetListenException">An endpoint is in use or not usable.</exception>
    public async Task RunAsync()
    {
        using var signal = new StopSignal();
        await RunAsync(signal.Token, signal.AbortToken).ConfigureAwait(false);
    }

    /// <summary>Starts the server, and completes when a token has stopped it.</summary>
    /// <param name="stop">Stops the server gracefully: see <see cref="StopAsync"/>.</param>
    /// <param name="abort">Ends the server at once: see <see cref="Abort"/>.</param>
    /// <exception cref="NetListenException">An endpoint is in use or not usable.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort = default)
    {
        Start();
        using CancellationTokenRegistration stopping = stop.Register(() => _ = StopAsync());
        using CancellationTokenRegistration aborting = abort.Register(Abort);
        await Completion.ConfigureAwait(false);
    }

    /// <summary>
    /// Stops the server: closes the listeners, handles the messages that were received, sends the queued messages and then Goodbye, and ends within
    /// <see cref="NetServerOptions.DrainTimeout"/>.
    /// </summary>
    /// <returns>A task that completes when all loops have ended.</returns>
    public Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopRequested, 1) == 0)
        {
            foreach (ServerLoop loop in _loops)
            {
                loop.RequestStop();
            }
        }

        return Completion;
    }

    /// <summary>Ends the server at once. Messages that were not sent yet are lost.</summary>
    public void Abort()
    {
        Interlocked.Exchange(ref _isStopRequested, 1);
        foreach (ServerLoop loop in _loops)
        {
            loop.RequestAbort();
        }
    }

    /// <summary>Stops the server as <see cref="StopAsync"/> does, and frees its resources.</summary>
    public async ValueTask DisposeAsync()
    {
        Task stopped = StopAsync();
        _options.Runner?.Finish(Loop);
        await stopped.ConfigureAwait(false);
    }

    /// <summary>Opens the listeners for a caller that runs the iterations itself.</summary>
    internal void Open()
    {
        if (Loop.IsStarted)
        {
            throw new InvalidOperationException("The server was already started; a server runs only once.");
        }

        foreach (ServerLoop loop in _loops)
        {
            loop.Core.BindToThread();
        }

        try
        {
            foreach (ListenOptions options in _options.Listeners)
            {
                OpenListener(options);
            }

            MaxConnections = AffordableConnections(Core.Transport.Stack);
        }
        catch
        {
            CloseListeners();
            _endpoints.Clear();
            throw;
        }
    }

    /// <summary>
    /// Creates a connect token for a client that the application has authenticated itself, for the first UDP listener. The token names the listener's
    /// <see cref="UdpServerOptions.PublicEndpoints"/>, or the address on which it listens.
    /// </summary>
    /// <param name="clientId">The client's number. A client that connects with the number of a connected one takes its place.</param>
    /// <param name="userData">Data for the authenticator, which the client cannot read: at most 256 bytes.</param>
    /// <param name="lifetime">How long the token is valid; null for the listener's default.</param>
    /// <exception cref="InvalidOperationException">The server has no UDP listener, or has not started.</exception>
    /// <remarks>Thread: any.</remarks>
    public ConnectToken CreateConnectToken(ulong clientId, ReadOnlySpan<byte> userData = default, TimeSpan? lifetime = null) =>
        _tokens.Create(clientId, userData, lifetime);

    internal ulong NextSessionId() => Interlocked.Increment(ref _lastSessionId);

    /// <summary>Frees the loops of a server whose constructor fails.</summary>
    private void ForgetLoops(int count)
    {
        foreach (ServerLoop loop in _loops.AsSpan(0, count))
        {
            loop.Loop.Abandon();
            loop.Core.Dispose();
        }
    }

    private async Task WhenAllEndedAsync()
    {
        await Task.WhenAll(_loops.Select(loop => loop.Loop.Completion)).ConfigureAwait(false);
    }

    /// <summary>The command queue of the loop on whose thread the caller runs; null on any other thread.</summary>
    private CommandQueue? QueueOfCaller()
    {
        foreach (ServerLoop loop in _loops)
        {
            if (loop.Core.Services.IsLoopThread)
            {
                return loop.Core.CommandQueue;
            }
        }

        return null;
    }

    /// <exception cref="InsufficientDescriptorsException">There is no descriptor for a single connection.</exception>
    private int AffordableConnections(INetworkStack stack)
    {
        int affordable = DescriptorBudget.MaxConnections(stack);
        return affordable >= 1 ? Math.Min(_options.MaxConnections, affordable) : throw InsufficientDescriptorsException.For(stack);
    }

    private static int MaxBodyOf(NetServerOptions options)
    {
        int largest = 64;
        foreach (ListenOptions listener in options.Listeners)
        {
            largest = Math.Max(largest, listener.MaxBodyBytes);
        }

        return largest;
    }

    private void OpenListener(ListenOptions options)
    {
        if (options.Endpoint.Transport == TransportKind.Udp)
        {
            OpenUdp(options);
            return;
        }

        INetworkStack stack = Core.Transport.Stack;
        NetEndpoint endpoint = Resolve(options.Endpoint).ToTcp();
        TlsServer? tls = LoadCertificates(options);
        var addresses = new AddressLimiter(options.MaxConnectionsPerAddress, options.MaxNewConnectionsPerAddress);
        bool isSpread = _loops.Length > 1 && endpoint.Transport == TransportKind.Tcp;
        if (isSpread && endpoint.Port != 0)
        {
            ThrowIfTaken(stack, options, endpoint);
        }

        NetEndpoint bound = endpoint;
        foreach (ServerLoop loop in _loops)
        {
            loop.AddAcceptor(options, addresses);
            if (!isSpread && loop != _loops[0])
            {
                continue; // The first loop accepts for all loops: a Unix socket has one listener.
            }

            // When the system chooses the port, the first socket determines it for the others.
            NetEndpoint wanted = bound;
            SocketStatus status = isSpread
                ? stack.ListenShared(wanted, options.Backlog, out SocketHandle socket, out bound)
                : stack.Listen(wanted, options.Backlog, out socket, out bound);
            if (status == SocketStatus.Ok)
            {
                status = loop.TryListen(socket, AsOpened(options, bound));
                if (status != SocketStatus.Ok)
                {
                    stack.Close(socket, reset: false);
                }
            }

            if (status != SocketStatus.Ok)
            {
                throw NetListenException.For(stack, options.Endpoint, status);
            }
        }

        bound = AsOpened(options, bound);
        _endpoints.Add(bound);
        HostingLog.Listening(Core.ServerLogger, bound.ToUri());
        if (tls is not null)
        {
            _loops[0].WatchCertificates(tls, bound.ToUri());
        }
    }

    /// <summary>Opens a UDP listener, and the TCP listener that gives tokens for it, unless there is one on that port.</summary>
    private void OpenUdp(ListenOptions options)
    {
        Sodium.Load();
        INetworkStack stack = Core.Transport.Stack;
        NetEndpoint endpoint = Resolve(options.Endpoint.AsTcp()).AsUdp();
        ListenOptions? tcp = endpoint.Port == 0
            ? null
            : _options.Listeners.FirstOrDefault(listener => listener.Endpoint.Transport == TransportKind.Tcp && listener.Endpoint.Port == endpoint.Port);
        if (options.Udp.GivesTokens && tcp?.MaxBodyBytes < ConnectTokenFormat.MaxBodyBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"MaxBodyBytes of the listener on {tcp.Endpoint.ToUri()} is {tcp.MaxBodyBytes}; allowed: at least "
                    + $"{ConnectTokenFormat.MaxBodyBytes} where clients ask for connect tokens.");
        }

        bool needsTcp = options.Udp.GivesTokens && tcp is null;
        if (needsTcp)
        {
            // First: if the system chooses the port, it must be free for both.
            OpenListener(new ListenOptions(endpoint.AsTcp())
            {
                GivesOnlyTokens = true,
                HandshakeTimeout = options.HandshakeTimeout,
                MaxConnectionsPerAddress = options.MaxConnectionsPerAddress,
                MaxNewConnectionsPerAddress = options.MaxNewConnectionsPerAddress,
            });
            endpoint = endpoint.WithPort(_endpoints[^1].Port);
            _endpoints.RemoveAt(_endpoints.Count - 1);
        }

        bool isSpread = _loops.Length > 1;
        DatagramSocketOptions socketOptions = DatagramSetup.SocketOptionsOf(options, isServer: true) with { IsShared = isSpread };
        if (isSpread && endpoint.Port != 0)
        {
            ThrowIfTaken(stack, options, endpoint);
        }

        ConnectTokenKey key = options.Udp.Key ?? ConnectTokenKey.Create(_options.Entropy);
        var netcode = new NetcodeServerOptions
        {
            ProtocolId = options.Udp.ProtocolId,
            Keys = [key.Bytes, .. options.Udp.FormerKeys.Select(static former => former.Bytes)],
            PublicAddresses = [.. options.Udp.PublicEndpoints.Select(static address => DatagramAddress.From(address))],
            AreKeysShared = options.Udp.Key is not null,
            MaxPending = Math.Max(1, _options.MaxOpeningConnections / _loops.Length),
            MaxClients = (uint)MaxConnections,
        };
        var registry = new NetcodeRegistry(netcode.MaxUsedTokens);
        var addresses = new AddressLimiter(options.MaxConnectionsPerAddress, options.MaxNewConnectionsPerAddress);
        NetEndpoint bound = endpoint;
        foreach (ServerLoop loop in _loops)
        {
            // When the system chooses the port, the first socket determines it for the others.
            NetEndpoint wanted = bound;
            loop.AddAcceptor(options, addresses);
            SocketStatus status = stack.OpenDatagram(wanted, isConnected: false, socketOptions, out SocketHandle socket, out bound);
            if (status == SocketStatus.Ok)
            {
                status = loop.TryServeUdp(socket, netcode, options, registry);
            }

            if (status != SocketStatus.Ok)
            {
                throw NetListenException.For(stack, options.Endpoint, status);
            }
        }

        _tokens.Add(bound, options.Udp, key);
        _endpoints.Add(bound);
        HostingLog.Listening(Core.ServerLogger, bound.ToUri());
    }

    private static TlsServer? LoadCertificates(ListenOptions options)
    {
        try
        {
            return options.TlsServer;
        }
        catch (ArgumentException exception)
        {
            throw NetListenException.ForCertificate(options.Endpoint, exception);
        }
    }

    /// <summary>The address to listen on. A name with several addresses resolves to an IPv4 address, if it has one.</summary>
    private NetEndpoint Resolve(in NetEndpoint endpoint)
    {
        if (endpoint.IsResolved)
        {
            return endpoint;
        }

        Task<AddressLookup> looking = AddressLookup.FindAsync(_options.Names, endpoint, NameTimeout, TimeProvider.System, CancellationToken.None);
        AddressLookup found = looking.GetAwaiter().GetResult();
        return found.Failure is { } failure
            ? throw NetListenException.ForName(endpoint, failure)
            : found.Addresses.FirstOrDefault(static address => address.IsIPv4, found.Addresses[0]);
    }

    /// <summary>Throws if another process holds the port: with SO_REUSEPORT, opening it could succeed nevertheless.</summary>
    private static void ThrowIfTaken(INetworkStack stack, ListenOptions options, in NetEndpoint endpoint)
    {
        SocketStatus status = endpoint.Transport == TransportKind.Udp
            ? stack.OpenDatagram(endpoint, isConnected: false, default, out SocketHandle trial, out _)
            : stack.Listen(endpoint, options.Backlog, out trial, out _);
        if (status != SocketStatus.Ok)
        {
            throw NetListenException.For(stack, options.Endpoint, status);
        }

        stack.Close(trial, reset: false);
    }

    private static NetEndpoint AsOpened(ListenOptions options, in NetEndpoint bound) =>
        bound.WithSchemeOf(options.Endpoint);

    private void CloseListeners()
    {
        foreach (ServerLoop loop in _loops)
        {
            loop.CloseListeners();
        }
    }
}
