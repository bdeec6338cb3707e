using NetLoop.CompilerServices;
using NetLoop.Simulation;

namespace NetLoop;

/// <summary>A client on a simulated machine of its own: the production client, with a link that can be changed and a record of received messages.</summary>
/// <remarks>
/// Created by <see cref="NetSimulation.Client"/>. Thread: the test's, and handlers of the simulation. Sends leave as soon as time passes. Messages with a
/// handler are kept for <see cref="Received{T}"/> too.
/// </remarks>
public sealed partial class SimulatedClient : HandlerRegistry<SimulatedClient>, IMessageSender
{
    private readonly NetSimulation _simulation;
    private readonly HostedServer _server;
    private readonly SimulatedHost _host;
    private readonly Action<NetClientOptions>? _configure;
    private readonly ReceivedMessages? _received;
    private readonly HashSet<FollowedRequest> _requests = [];
    private LinkConditions _link;
    private LoopDriver? _driver;
    private NetClient _client = null!;
    private CloseInfo? _death;

    internal SimulatedClient(NetSimulation simulation, HostedServer server, SimulatedHost host, Action<NetClientOptions>? configure, LinkConditions link)
    {
        _simulation = simulation;
        _server = server;
        _host = host;
        _configure = configure;
        _link = link;
        _received = simulation.KeepReceived ? new ReceivedMessages() : null;
        _host.LoopbackHost = server.Host;
        simulation.Simulator.Network.SetLink(host, server.Host, link);
    }

    /// <summary>Its name in error messages.</summary>
    public string Name => _host.Name;

    /// <summary>The session of its last connection attempt.</summary>
    public Session Session => _client.Session;

    /// <summary>Its handlers, kept from one connection to the next.</summary>
    public HandlerTable Handlers { get; private set; } = new();

    /// <summary>Whether its session is open, as far as the client knows: it detects a cut link only after a timeout.</summary>
    public bool IsOpen => _death is null && Session.Status == SessionStatus.Open;

    /// <summary>How its last session ended, or why it could not open; null while the session is opening or open.</summary>
    public CloseInfo? Closed => _death ?? (_client.Closed.IsCompletedSuccessfully ? _client.Closed.Result : null);

    /// <summary>Whether the attempt to connect has succeeded or failed.</summary>
    internal bool HasConnected => _client.Opened.IsCompleted;

    internal Task Opened => _client.Opened;

    private protected override HandlerTable Table => Handlers;

    /// <summary>Sends a message; it leaves as soon as time passes.</summary>
    /// <returns>Sent, or the reason why it was not sent: Closed before the session is open and after it ended.</returns>
    public SendStatus Send<T>(in T message)
        where T : INetMessage<T>
    {
        Touch();
        return _death is null ? Session.Send(in message) : SendStatus.Closed;
    }

    /// <summary>Sends a request. Its task completes while time passes: pass it to <see cref="NetSimulation.Run{T}(Task{T}, TimeSpan?)"/>.</summary>
    /// <inheritdoc cref="Session.RequestAsync{TResponse}(INetRequest{TResponse}, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TResponse>(INetRequest<TResponse> request, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        request is null ? throw new ArgumentNullException(nameof(request)) : request.SendAsync(this, timeout, cancellation);

    /// <summary>Sends a request of a type that does not declare its response.</summary>
    /// <inheritdoc cref="Session.RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TRequest, TResponse>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse> =>
        RequestAsync<TRequest, TResponse, NetFormatters.Contract<TResponse>>(request, timeout, cancellation);

    /// <summary>Sends a request whose response a formatter reads, for response types that are not contracts.</summary>
    /// <inheritdoc cref="RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TRequest, TResponse, TFormatter>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TFormatter : INetFormatter<TResponse>
    {
        Touch();
        if (_death is not null)
        {
            return Task.FromException<TResponse>(new RequestException(ErrorCode.Cancelled, "The client is dead; call Reconnect."));
        }

        Task<TResponse> answer = Session.RequestAsync<TRequest, TResponse, TFormatter>(request, timeout, cancellation);
        var followed = new FollowedRequest<TResponse>();
        _simulation.Context.Call(() => _ = followed.FollowAsync(answer, _requests));
        return followed.Task;
    }

    /// <summary>Returns the messages of this type received since its creation or <see cref="ClearReceived"/>, in order, over all its connections.</summary>
    /// <exception cref="InvalidOperationException">
    /// The simulation does not keep received messages, or a message of another contract with this number was received.
    /// </exception>
    public IReadOnlyList<T> Received<T>()
        where T : INetMessage<T> => Kept().Decode<T>();

    /// <summary>Returns the number of messages of this type received; cheaper than <see cref="Received{T}"/>.</summary>
    /// <exception cref="InvalidOperationException">The simulation does not keep received messages.</exception>
    public int CountReceived<T>()
        where T : INetMessage<T> => Kept().Count(T.MessageType);

    /// <summary>Removes the messages received so far.</summary>
    public void ClearReceived()
    {
        if (_received is not null)
        {
            _simulation.Forget(_received.Length);
            _received.Clear();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {(Closed is { } info ? $"closed ({info})" : Session.Status)}";

    /// <summary>Starts to connect, in the current process or a new one.</summary>
    internal void Dial()
    {
        _death = null;
        _host.IsUp = true;
        NetEndpoint endpoint = _server.Endpoint;
        _client = NetClient.Create(endpoint, Configure);
        Handlers = _client.Handlers;
        _driver!.Loop.Post(_client.Dial);
    }

    private ReceivedMessages Kept() => _received
        ?? throw new InvalidOperationException(
            $"{Name} keeps nothing of what it receives: {nameof(NetSimulation.KeepReceived)} was false when it was made. Register a handler, or "
                + "leave it true.");

    private void Configure(NetClientOptions options)
    {
        options.Hello = _server.Hello;
        options.Handlers = Handlers;
        options.Dispatcher = handlers => new RecordingDispatcher(handlers, Keep);
        _configure?.Invoke(options);
        if (options.Loop is not null)
        {
            throw new InvalidOperationException(
                "A simulated client has a loop of its own, on a simulated machine; leave Loop alone and set what it needs in LoopOptions.");
        }

        if (_driver is null or { IsOver: true })
        {
            StartLoop(options.LoopOptions);
        }

        options.Loop = _driver!.Loop;
    }

    private void StartLoop(EventLoopOptions options)
    {
        Simulator simulator = _simulation.Simulator;
        WorkerContext workers = simulator.Configure(options, _host);
        options.SlabBytes = Simulator.ClientSlabBytes;
        options.LoggerFactory = _simulation.Watch.For(Name, options.LoggerFactory);
        _driver = simulator.Run(_host, new EventLoop(options), workers, options.HandlerMode == HandlerMode.Dedicated);
    }

    private void Keep(int type, ReadOnlySpan<byte> payload)
    {
        if (_received is not null && _simulation.MayKeep(payload.Length))
        {
            _received.Add(type, payload);
        }
    }

    /// <summary>Binds the loop to the caller and updates its clock, which stands still between iterations.</summary>
    private void Touch()
    {
        _simulation.Bind();
        if (_driver is { IsOver: false })
        {
            _driver.Core.Clock.Refresh();
        }
    }
}
