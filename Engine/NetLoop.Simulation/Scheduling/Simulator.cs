namespace NetLoop.Simulation;

/// <summary>A network of hosts and the loops that run on them, on one thread and in virtual time.</summary>
internal sealed class Simulator : IDisposable
{
    /// <summary>What the buffers of a loop with few connections grow by.</summary>
    public const int ClientSlabBytes = 16 * 1024;

    /// <summary>The ceiling of a loop that sets none, whatever machine the simulation runs on.</summary>
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

    /// <summary>Puts a loop's options on a simulated host.</summary>
    /// <param name="options">Of a server, or of a loop for clients.</param>
    /// <param name="host">Where it runs.</param>
    /// <param name="schedule">How its threads interrupt each other; null when it shall have none, and its loop is run whole iterations at a time.</param>
    /// <returns>The host's workers; to be given the loop's driver.</returns>
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

        // Every second process runs where pages cannot go back to the system.
        options.Slabs = new SimulatedSlabs(Network.Faults, vacates: _boots % 2 == 0);
        return workers;
    }

    /// <summary>Runs a loop from now on; its listeners are open.</summary>
    /// <exception cref="IOException">There is no descriptor for what its handlers' thread sleeps in.</exception>
    public LoopDriver Run(SimulatedHost host, EventLoop loop, WorkerContext workers, bool isDedicated)
    {
        var driver = new LoopDriver(host, loop, isDedicated);
        workers.Driver = driver;
        driver.Start();
        _drivers.Add(driver);
        return driver;
    }

    /// <summary>Forgets a loop that is over.</summary>
    public void Remove(LoopDriver driver) => _drivers.Remove(driver);

    /// <summary>Lets virtual time pass.</summary>
    /// <param name="time">Virtual nanoseconds since the beginning.</param>
    /// <param name="stops">Asked before every event: true ends the run there.</param>
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

    /// <summary>Something outside of an iteration may have given a loop work.</summary>
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
