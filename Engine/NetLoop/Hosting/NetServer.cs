using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Hosting;
using NetLoop.Sessions;
using NetLoop.Transports;

namespace NetLoop;

/// <summary>A server: listeners, sessions, handlers and ticks on one loop.</summary>
/// <remarks>Thread: any, unless a member says otherwise. Handlers and ticks run on the loop, or on a thread of their own if the options say so.</remarks>
public sealed partial class NetServer : IAsyncDisposable, ILoopParticipant
{
    private readonly NetServerOptions _options;
    private readonly EventLoop _loop;
    private readonly List<Listener> _listeners = [];
    private List<NetEndpoint> _endpoints = [];
    private LogLimiter _framerFaultLines;
    private ulong _lastSessionId;

    private NetServer(NetServerOptions options)
    {
        _options = options;
        _loop = new EventLoop(options);
        Core.Join(this);
        MaxConnections = Math.Max(1, Math.Min(options.MaxConnections, Core.Transport.Stack.MaxSockets - ReservedSockets));
        Opening = new OpeningSessions(options.MaxOpeningConnections);
        Everyone = new SessionGroup(Core.Services, LargestFrame(options));
    }

    /// <summary>Descriptors kept free for what is no connection: listeners, the poller, files of the application.</summary>
    private const int ReservedSockets = 64;

    /// <summary>The server's handlers; <see cref="On{T}(MessageHandler{T}, OffloadOptions?)"/> and its like register here.</summary>
    public HandlerTable Handlers { get; } = new();

    /// <summary>Where it listens, with real ports; empty before it started.</summary>
    public IReadOnlyList<NetEndpoint> Endpoints => _endpoints;

    /// <summary>Connections it accepts at a time: the option, or what the process may open if that is less.</summary>
    public int MaxConnections { get; }

    /// <summary>Every open session that speaks NetLoop's protocol; those of foreign listeners do not.</summary>
    public SessionGroup Everyone { get; }

    /// <summary>Completes when the server has stopped; faults when its loop failed.</summary>
    public Task Completion => _loop.Completion;

    internal OpeningSessions Opening { get; }

    internal EventLoop Loop => _loop;

    internal LoopCore Core => _loop.Core;

    /// <summary>Makes a server; it listens once started.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message says which and what is allowed.</exception>
    /// <exception cref="PlatformNotSupportedException">The platform lacks the poller asked for.</exception>
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

    /// <summary>Calls a handler at every tick, where handlers run. Before the server starts.</summary>
    public NetServer OnTick(Action<TickContext> handler)
    {
        _loop.OnTick(handler);
        return this;
    }

    /// <summary>Registers a module's handlers.</summary>
    public NetServer Use(IHandlerModule module)
    {
        Handlers.Use(module);
        return this;
    }

    /// <summary>Makes an empty group.</summary>
    public SessionGroup CreateGroup() => new(Core.Services, LargestFrame(_options));

    /// <summary>Sends a message to every open session.</summary>
    public SendStatus Broadcast<T>(in T message)
        where T : INetMessage<T> => Everyone.Broadcast(in message);

    /// <summary>Runs an action on the loop thread, where sessions may be looked at without races.</summary>
    /// <returns>False when the server has stopped.</returns>
    public bool Post(Action action) => _loop.Post(action);

    /// <summary>What the server has done, and how it is now.</summary>
    public LoopStatistics GetStatistics() => _loop.GetStatistics();

    /// <summary>Opens the listeners and starts the loop.</summary>
    /// <exception cref="NetListenException">An endpoint is taken or not usable; nothing is left open.</exception>
    public void Start()
    {
        Open();
        // From here on the caller is one of the other threads, even before the loop's own has begun.
        Core.Services.UnbindFromThread();
        _loop.StartThread();
    }

    /// <summary>Starts, and runs until a token asks for the stop and the stop is done.</summary>
    /// <param name="stop">Drains: see <see cref="StopAsync"/>.</param>
    /// <param name="abort">Ends at once.</param>
    /// <exception cref="NetListenException">An endpoint is taken or not usable.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort = default)
    {
        Start();
        using CancellationTokenRegistration stopping = stop.Register(RequestStop);
        using CancellationTokenRegistration aborting = abort.Register(Abort);
        await Completion.ConfigureAwait(false);
    }

    /// <summary>Stops and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        Task stopped = StopAsync();
        _options.Runner?.Finish(_loop);
        await stopped.ConfigureAwait(false);
    }

    /// <summary>Opens the listeners for a caller that runs the iterations itself.</summary>
    internal void Open()
    {
        if (_loop.IsStarted)
        {
            throw new InvalidOperationException("The server was started before; a server runs once.");
        }

        Core.BindToThread();
        try
        {
            foreach (ListenOptions options in _options.Listeners)
            {
                OpenListener(options);
            }
        }
        catch
        {
            CloseListeners();
            throw;
        }

        _endpoints = _listeners.ConvertAll(listener => listener.Endpoint);
    }

    internal ulong NextSessionId() => ++_lastSessionId;

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
        SocketStatus status = stack.Listen(options.Endpoint.ToTcp(), options.Backlog, out SocketHandle socket, out NetEndpoint bound);
        if (status != SocketStatus.Ok)
        {
            throw NetListenException.For(stack, options.Endpoint, status);
        }

        if (options.Endpoint.Kind == EndpointKind.WebSocket)
        {
            bound = bound.AsWebSocket(options.Endpoint.Path);
        }

        var acceptor = new ServerListener(this, Core, options, SettingsFor(options));
        status = Listener.TryRegister(Core.Transport, acceptor, socket, bound, out Listener? listener);
        if (listener is null)
        {
            stack.Close(socket, reset: false);
            throw NetListenException.For(stack, options.Endpoint, status);
        }

        _listeners.Add(listener);
        HostingLog.Listening(Core.Logger, bound.Kind, bound);
    }

    private SessionSettings SettingsFor(ListenOptions options)
    {
        bool isForeign = options.ForeignHandler is not null;
        HandlerTable handlers = isForeign ? Handlers.ForForeign(options.ForeignHandler!) : Handlers;
        bool requiresHello = options.Hello == HelloMode.Required;
        if (!requiresHello)
        {
            // Nobody is asked who he is, so nobody is asked whether he is alive: the server speaks only when spoken to.
            options.PingInterval = TimeSpan.Zero;
            options.IdleTimeout = TimeSpan.Zero;
        }

        Func<IFramer>? framers = options.Framer is { } factory ? () => new GuardedFramer(factory, OnFramerFault) : null;
        return new SessionSettings(options, framers, handlers)
        {
            RequiresHello = requiresHello,
            IsForeign = isForeign,
            SpeaksControl = !isForeign,
            Fingerprint = _options.ContractFingerprint,
            AcceptsAnyFingerprint = _options.AcceptAnyFingerprint,
            Authenticate = _options.Authenticate,
            TickRate = _options.TickRate,
            WebSocket = options.Endpoint.Kind == EndpointKind.WebSocket ? options.WebSocket.ForServer() : null,
        };
    }

    private void OnFramerFault(Exception exception)
    {
        Interlocked.Increment(ref Core.Counters.HandlerFaults);
        if (_framerFaultLines.TryEnter(Core.Clock.Now, out long suppressed))
        {
            HostingLog.FramerFailed(Core.Logger, suppressed, exception);
        }
    }

    private void CloseListeners()
    {
        foreach (Listener listener in _listeners)
        {
            listener.Close();
        }

        _listeners.Clear();
    }
}
