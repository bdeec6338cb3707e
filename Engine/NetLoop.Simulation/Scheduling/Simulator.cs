namespace NetLoop.Simulation;

/// <summary>A network of hosts and the loops that run on them, on one thread and in virtual time.</summary>
internal sealed class Simulator : IDisposable
{
    /// <summary>The slab size of a loop with few connections.</summary>
    public const int ClientSlabBytes = 16 * 1024;

    /// <summary>The default limit of a loop's buffers, independent of the machine that runs the simulation.</summary>
    private const long MaxBufferBytes = 256L << 20;

    private const ulong EntropyStreams = 1_000;
    private const ulong ThreadStreams = 100_000;

    private readonly List<LoopDriver> _drivers = [];
    private ulong _boots;

    public Simulator(ulong seed)
    {
        Network = new SimulatedNetwork(seed);
        Network.LookAtLoops = LookAtLoops;
    }

    public SimulatedNetwork Network { get; }

    public IReadOnlyList<LoopDriver> Drivers => _drivers;

    /// <summary>Configures a loop's options for a simulated host.</summary>
    /// <param name="options">The options of a server, or of a loop for clients.</param>
    /// <param name="host">The host.</param>
    /// <param name="schedule">How its threads interrupt each other; null for a loop that runs whole iterations without threads.</param>
    /// <returns>The host's workers, which need the loop's driver.</returns>
    public WorkerContext Configure(EventLoopOptions options, SimulatedHost host, ThreadSchedule? schedule = null)
    {
        host.Threads = null;
        if (schedule is not null)
        {
            host.Threads = new SimulatedThreads(host, schedule, SeededRandom.For(Network.Seed, ThreadStreams + _boots));
            options.Threads = host.Threads;
            options.TimePasses = true;
        }

        var workers = new WorkerContext(this, host);
        options.Stack = host.Stack;
        options.Poller = PollerKind.Auto;
        options.TimeProvider = host.Clock;
        options.Entropy = new SeededEntropy(SeededRandom.For(Network.Seed, EntropyStreams + _boots++));
        options.Workers = workers.Start;
        options.DefaultMaxBufferBytes = MaxBufferBytes;

        // Every second process runs on a platform that cannot return pages to the system.
        options.Slabs = new SimulatedSlabs(Network.Faults, vacates: _boots % 2 == 0);
        return workers;
    }

    /// <summary>Runs a loop from now on; its listeners are open.</summary>
    /// <exception cref="IOException">There is no descriptor for the poller of its handlers' thread.</exception>
    public LoopDriver Run(SimulatedHost host, EventLoop loop, WorkerContext workers, bool isDedicated)
    {
        var driver = new LoopDriver(host, loop, isDedicated);
        workers.Driver = driver;
        driver.Start();
        _drivers.Add(driver);
        return driver;
    }

    /// <summary>Removes a loop that is over.</summary>
    public void Remove(LoopDriver driver) => _drivers.Remove(driver);

    /// <summary>Lets virtual time pass.</summary>
    /// <param name="time">Virtual nanoseconds since the beginning.</param>
    /// <param name="stops">Checked before every event: true ends the run there.</param>
    public void RunUntil(long time, Func<bool>? stops = null)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        try
        {
            LookAtLoops();
            while ((stops is null || !stops()) && Network.Events.FireNext(time))
            {
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Called when something outside an iteration may have given a loop work.</summary>
    public void LookAtLoops()
    {
        foreach (LoopDriver driver in _drivers)
        {
            driver.Look();
        }
    }

    public void Dispose()
    {
        foreach (SimulatedHost host in Network.Hosts)
        {
            host.Threads?.Kill();
        }

        Network.Dispose();
    }
}
