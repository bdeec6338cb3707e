using NetLoop.Hosting.Loop;

namespace NetLoop.Simulation;

/// <summary>A simulated machine and the server that runs on it, one process after the other.</summary>
/// <param name="simulation">The simulation of the machine.</param>
/// <param name="host">The machine.</param>
/// <param name="configure">The options of each process.</param>
/// <param name="setUp">Called for each process before it starts; registers handlers.</param>
internal sealed class HostedServer(NetSimulation simulation, SimulatedHost host, Action<NetServerOptions>? configure, Action<NetServer>? setUp) : ILoopRunner
{
    private const int DefaultPort = 7777;

    private WorkerContext? _workers;
    private NetServerOptions _options = null!;
    private NetEndpoint _endpoint;
    private int _listener;

    public SimulatedHost Host => host;

    public NetServer Server { get; private set; } = null!;

    /// <summary>The driver of its loop, once it was started.</summary>
    public LoopDriver? Driver { get; private set; }

    public int TickRate => _options.TickRate;

    /// <summary>How the listener for simulated clients opens sessions.</summary>
    public HelloMode Hello => _options.Listeners[_listener].Hello;

    /// <summary>The endpoint for simulated clients: that of the current process, or of the previous one.</summary>
    public NetEndpoint Endpoint
    {
        get
        {
            if (Server.Endpoints.Count > 0)
            {
                NetEndpoint bound = Server.Endpoints[_listener];
                NetEndpoint here = host.Address.WithPort(bound.Port);
                _endpoint = !bound.IsAny ? bound : here.WithSchemeOf(bound);
            }

            return _endpoint;
        }
    }

    public bool IsRunning => Driver is { IsOver: false };

    /// <summary>Whether it has not started yet.</summary>
    public bool IsWaiting => Driver is null && !Server.Completion.IsCompleted;

    /// <summary>Creates the process; it starts when time passes.</summary>
    public void Boot()
    {
        host.IsUp = true;
        if (Driver is not null)
        {
            simulation.Simulator.Remove(Driver);
            Driver = null;
        }

        Server = NetServer.Create(Configure);
        setUp?.Invoke(Server);
    }

    /// <summary>Starts the process unless it has started.</summary>
    public void StartIfWaiting()
    {
        if (IsWaiting)
        {
            Server.Start();
        }
    }

    /// <summary>The process dies, or the whole machine if nothing is sent.</summary>
    public void Die(bool withoutAWord)
    {
        NetSimulation.RequireOutside(Driver, withoutAWord ? nameof(NetSimulation.LosePower) : nameof(NetSimulation.Crash));
        Driver?.Kill();
        host.CloseEverything(withoutAWord);
        host.IsUp = !withoutAWord;
        Server.Loop.Abandon();
    }

    void ILoopRunner.Start(EventLoop loop) =>
        Driver = simulation.Simulator.Run(host, loop, _workers!, _options.HandlerMode == HandlerMode.Dedicated);

    void ILoopRunner.Finish(EventLoop loop) => simulation.FinishLoop(loop);

    private void Configure(NetServerOptions options)
    {
        _options = options;
        _workers = simulation.Simulator.Configure(options, host);
        options.Runner = this;
        configure?.Invoke(options);
        NetSimulation.RequireSimulated(options, host);
        options.LoggerFactory = simulation.Watch.For(host.Name, options.LoggerFactory);
        if (options.Listeners.Count == 0)
        {
            options.ListenTcp("0.0.0.0", DefaultPort);
        }

        _listener = 0;
        while (_listener < options.Listeners.Count - 1 && options.Listeners[_listener].RawHandler is not null)
        {
            _listener++;
        }
    }
}
