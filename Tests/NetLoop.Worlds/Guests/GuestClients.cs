namespace NetLoop.Worlds.Guests;

/// <summary>A loop for the clients of a guest.</summary>
internal sealed class GuestClients
{
    private readonly World _world;
    private readonly LoopDriver _driver;

    public GuestClients(World world, SimulatedHost host)
    {
        _world = world;
        Host = host;
        var options = new EventLoopOptions
        {
            MaxInboxMessages = ClientNode.MaxInboxMessages,
            MaxQueuedCommands = 1_000_000,
            SlabBytes = Simulator.ClientSlabBytes,
        };
        WorkerContext workers = world.Simulator.Configure(options, host);
        _driver = world.Simulator.Run(host, new EventLoop(options), workers, isDedicated: false);
        world.Watch(_driver);
    }

    public SimulatedHost Host { get; }

    public bool IsRunning => !_driver.IsOver;

    /// <summary>Runs something on the loop.</summary>
    public void Post(Action action) => _driver.Post(action);

    /// <summary>Begins to connect. Thread: the loop.</summary>
    public NetClient Dial(NetEndpoint endpoint, HandlerTable handlers, Action<NetClientOptions>? configure = null)
    {
        NetEndpoint read = NetEndpoint.Parse(endpoint.ToUri());
        _world.Require(read == endpoint, "I37", $"{endpoint.ToUri()} reads as {read}");
        NetClient client = NetClient.Create(read, o =>
        {
            _world.ConfigureSession(o);
            o.Loop = _driver.Loop;
            o.Handlers = handlers;
            o.PingInterval = TimeSpan.Zero;
            o.IdleTimeout = TimeSpan.FromMinutes(10);
            o.HandshakeTimeout = TimeSpan.FromSeconds(30);
            o.RequestTimeout = TimeSpan.FromSeconds(20);
            configure?.Invoke(o);
        });
        client.Dial();
        return client;
    }

    /// <summary>Calls the loop as a thread that is not one of its own. Thread: the loop.</summary>
    public T FromElsewhere<T>(Func<T> call)
    {
        _driver.Core.Services.UnbindFromThread();
        try
        {
            return call();
        }
        finally
        {
            _driver.Core.BindToThread();
        }
    }

    /// <summary>Ends the loop with all sessions that are still open.</summary>
    public void Stop() => _driver.Post(() => _ = _driver.Loop.StopAsync(TimeSpan.FromSeconds(5)));
}
