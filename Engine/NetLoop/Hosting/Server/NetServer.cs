using NetLoop.Hosting;
using NetLoop.Hosting.Loop;
using NetLoop.Hosting.Server;
using NetLoop.Messaging;
using NetLoop.Transports;

namespace NetLoop;

/// <summary>A server: listeners, sessions, handlers and ticks on one loop, or on as many as the options say.</summary>
/// <remarks>
/// Thread: any, unless a member says otherwise. Handlers run on their session's loop and ticks on the first one, or each on a thread of their own
/// beside that loop if the options say so. With one loop, the default, that is one thread for everything and nothing needs a lock. With several,
/// handlers of sessions on different loops run at the same time, and beside the ticks: what they share, the application guards.
/// </remarks>
public sealed class NetServer : IAsyncDisposable
{
    /// <summary>How long a start waits for the address of a host name.</summary>
    private static readonly TimeSpan NameTimeout = TimeSpan.FromSeconds(5);

    private readonly NetServerOptions _options;
    private readonly ServerLoop[] _loops;
    private readonly List<NetEndpoint> _endpoints = [];
    private ulong _lastSessionId;
    private int _isStopRequested;

    private NetServer(NetServerOptions options)
    {
        _options = options;
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
                ForgetLoops(count: i); // No descriptor for another poller: those of the loops before are given back.
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
                loop.Loop.OnFailed = Abort; // Half a server would look alive and answer only some.
            }
        }

        Everyone = CreateGroup();
        Completion = _loops.Length == 1 ? Loop.Completion : WhenAllEndedAsync();
    }

    /// <summary>The server's handlers; <see cref="On{T}(MessageHandler{T}, OffloadOptions?)"/> and its like register here.</summary>
    public HandlerTable Handlers { get; } = new();

    /// <summary>Where it listens, with real ports; empty before it started.</summary>
    public IReadOnlyList<NetEndpoint> Endpoints => _endpoints;

    /// <summary>
    /// Connections it accepts at a time: the option, or what the process may open beside what it holds if that is less. Counted when the server is made, and
    /// again when it starts.
    /// </summary>
    public int MaxConnections { get; private set; }

    /// <summary>Every open session that speaks NetLoop's protocol; those of raw listeners do not.</summary>
    public SessionGroup Everyone { get; }

    /// <summary>Completes when the server has stopped; faults when a loop failed, which ends the others too.</summary>
    public Task Completion { get; }

    internal IReadOnlyList<ServerLoop> Loops => _loops;

    /// <summary>The first loop, which ticks: the only one, unless the options say otherwise.</summary>
    internal EventLoop Loop => _loops[0].Loop;

    /// <summary>That of the first loop.</summary>
    internal LoopCore Core => Loop.Core;

    /// <summary>Those on the first loop.</summary>
    internal OpeningSessions Opening => _loops[0].Opening;

    /// <summary>Connections of all loops; of other loops than the caller's, as of a moment ago.</summary>
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

    /// <summary>Makes a server; it listens once started.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message says which and what is allowed.</exception>
    /// <exception cref="PlatformNotSupportedException">The platform lacks the poller asked for.</exception>
    /// <exception cref="InsufficientDescriptorsException">The process may open too few files to serve anybody.</exception>
    /// <exception cref="IOException">There is no descriptor for a loop's poller.</exception>
    public static NetServer Create(Action<NetServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new NetServerOptions();
        configure(options);
        return new NetServer(options);
    }

    /// <summary>Calls a handler for every <typeparamref name="T"/>; see <see cref="HandlerTable"/>.</summary>
    public NetServer On<T>(MessageHandler<T> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        Handlers.On(handler, offload);
        return this;
    }

    /// <summary>Calls an asynchronous handler for every <typeparamref name="T"/>; see <see cref="HandlerTable"/>.</summary>
    public NetServer On<T>(Func<Session, T, ValueTask> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        Handlers.On(handler, offload);
        return this;
    }

    /// <summary>Answers every request of type <typeparamref name="TRequest"/>; see <see cref="HandlerTable"/>.</summary>
    public NetServer OnRequest<TRequest, TResponse>(RequestHandler<TRequest, TResponse> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        Handlers.OnRequest(handler, offload);
        return this;
    }

    /// <summary>Answers every request of type <typeparamref name="TRequest"/>, asynchronously; see <see cref="HandlerTable"/>.</summary>
    public NetServer OnRequest<TRequest, TResponse>(Func<Session, TRequest, ValueTask<TResponse>> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        Handlers.OnRequest(handler, offload);
        return this;
    }

    /// <summary>Calls a handler for every session that opens, before its first message.</summary>
    public NetServer OnOpened(Action<Session> handler)
    {
        Handlers.OnOpened(handler);
        return this;
    }

    /// <summary>Calls a handler for every session that closed, after its last message.</summary>
    public NetServer OnClosed(Action<Session, CloseInfo> handler)
    {
        Handlers.OnClosed(handler);
        return this;
    }

    /// <summary>Calls a handler at every tick, where handlers of the first loop run. Before the server starts.</summary>
    public NetServer OnTick(Action<TickContext> handler)
    {
        Loop.OnTick(handler);
        return this;
    }

    /// <summary>Registers a module's handlers.</summary>
    public NetServer Use(IHandlerModule module)
    {
        Handlers.Use(module);
        return this;
    }

    /// <summary>Makes an empty group.</summary>
    public SessionGroup CreateGroup() => new(_loops.Select(loop => loop.Core.Services), LargestFrame(_options));

    /// <summary>Sends a message to every open session.</summary>
    public SendStatus Broadcast<T>(in T message)
        where T : INetMessage<T> => Everyone.Broadcast(in message);

    /// <summary>Runs an action on the first loop, which ticks and where its sessions may be looked at without races.</summary>
    /// <returns>False when the server has stopped.</returns>
    public bool Post(Action action) => Loop.Post(action);

    /// <summary>What the server has done, and how it is now: the sum of its loops.</summary>
    public LoopStatistics GetStatistics() => LoopStatistics.Sum([.. _loops.Select(loop => loop.Loop.GetStatistics())]);

    /// <summary>Opens the listeners and starts the loop.</summary>
    /// <exception cref="NetListenException">An endpoint is taken or not usable; nothing is left open.</exception>
    /// <exception cref="InsufficientDescriptorsException">The process may open too few files to serve anybody; nothing is left open.</exception>
    /// <exception cref="IOException">There is no descriptor for what a handlers' thread sleeps in; the server ends.</exception>
    public void Start()
    {
        Open();
        if (_options.Runner is null)
        {
            WarmUp.Run(_options);
        }

        foreach (ServerLoop loop in _loops)
        {
            // From here on the caller is one of the other threads, even before the loop's own has begun.
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
            Abort(); // The loop that did not start has ended by itself.
            throw;
        }
    }

    /// <summary>Starts, and runs until a token asks for the stop and the stop is done.</summary>
    /// <param name="stop">Drains: see <see cref="StopAsync"/>.</param>
    /// <param name="abort">Ends at once.</param>
    /// <exception cref="NetListenException">An endpoint is taken or not usable.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort = default)
    {
        Start();
        using CancellationTokenRegistration stopping = stop.Register(() => _ = StopAsync());
        using CancellationTokenRegistration aborting = abort.Register(Abort);
        await Completion.ConfigureAwait(false);
    }

    /// <summary>
    /// Stops: closes the listeners, handles what was received, says Goodbye, sends what was accepted for sending, and ends within the drain
    /// timeout.
    /// </summary>
    /// <returns>Completes when all loops have ended.</returns>
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

    /// <summary>Ends at once: whatever is not sent is lost.</summary>
    public void Abort()
    {
        Interlocked.Exchange(ref _isStopRequested, 1);
        foreach (ServerLoop loop in _loops)
        {
            loop.RequestAbort();
        }
    }

    /// <summary>Stops and frees everything.</summary>
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
            throw new InvalidOperationException("The server was started before; a server runs once.");
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

    internal ulong NextSessionId() => Interlocked.Increment(ref _lastSessionId);

    /// <summary>Frees loops of a server that will never be.</summary>
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

    /// <summary>The command queue of the loop whose thread the caller is; null when it is another thread.</summary>
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

    /// <exception cref="InsufficientDescriptorsException">They are none.</exception>
    private int AffordableConnections(INetworkStack stack)
    {
        int affordable = DescriptorBudget.MaxConnections(stack);
        return affordable >= 1 ? Math.Min(_options.MaxConnections, affordable) : throw InsufficientDescriptorsException.For(stack);
    }

    private static int LargestFrame(NetServerOptions options)
    {
        int largest = 64;
        foreach (ListenOptions listener in options.Listeners)
        {
            largest = Math.Max(largest, listener.MaxFrameBytes);
        }

        return largest;
    }

    private void OpenListener(ListenOptions options)
    {
        INetworkStack stack = Core.Transport.Stack;
        NetEndpoint endpoint = Resolve(options.Endpoint).ToTcp();
        var addresses = new AddressLimiter(options.MaxConnectionsPerAddress, options.MaxNewConnectionsPerAddress);
        bool isSpread = _loops.Length > 1 && endpoint.Transport == TransportKind.Tcp;
        if (isSpread && endpoint.Port != 0)
        {
            RefuseIfTaken(stack, options, endpoint);
        }

        NetEndpoint bound = endpoint;
        foreach (ServerLoop loop in _loops)
        {
            loop.AddAcceptor(options, addresses);
            if (!isSpread && loop != _loops[0])
            {
                continue; // The first loop accepts for all: a Unix socket has one listener.
            }

            // The first socket of a port that the system chooses names it for the others.
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
        HostingLog.Listening(Core.Logger, bound.ToUri());
    }

    /// <summary>The address to listen on. One that stands for several is one of IPv4, which clients reach by either family's socket.</summary>
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

    /// <summary>Finds out whether somebody else holds a port: a shared one would take that for another loop of the same server.</summary>
    private static void RefuseIfTaken(INetworkStack stack, ListenOptions options, in NetEndpoint endpoint)
    {
        SocketStatus status = stack.Listen(endpoint, options.Backlog, out SocketHandle trial, out _);
        if (status != SocketStatus.Ok)
        {
            throw NetListenException.For(stack, options.Endpoint, status);
        }

        stack.Close(trial, reset: false);
    }

    private static NetEndpoint AsOpened(ListenOptions options, in NetEndpoint bound) =>
        options.Endpoint.Scheme == EndpointScheme.WebSocket ? bound.AsWebSocket(options.Endpoint.Path) : bound;

    private void CloseListeners()
    {
        foreach (ServerLoop loop in _loops)
        {
            loop.CloseListeners();
        }
    }
}
