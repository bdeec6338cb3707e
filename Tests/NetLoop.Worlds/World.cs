namespace NetLoop.Worlds;

/// <summary>
/// One simulated world: the production server, honest clients, adversaries, the faults that the seed draws, and the reference that knows the expected
/// outcome.
/// </summary>
/// <remarks>Thread: one at a time. Every run with the same options does the same, on every machine and in every build.</remarks>
internal sealed partial class World : IDisposable
{
    /// <summary>Trace events between two checkpoints of the hash.</summary>
    public const int CheckpointEvents = 4096;

    private const ulong ServerStream = 3;
    private const ulong HostFaultStream = 4;
    private const ulong NeighborStream = 42;
    private const ulong HandlerFaultStream = 22;
    private const ulong ClientStreams = 100;
    private const ulong AdversaryStreams = 200;
    private const long Millisecond = 1_000_000;
    private const long LivenessLook = 50 * Millisecond;
    private const long SteadyStep = 16 * Millisecond;
    private const int SteadyWarmUpSteps = 180;
    private const int SteadyMeasuredSteps = 30;
    private const int SteadyAttempts = 4;
    private const int CanaryTick = 20;

    /// <summary>The number of the first request sent around the stop; other requests have smaller numbers.</summary>
    private const long FirstStopRequest = 100_000_000;

    private const double CalmRate = 0.2;

    private readonly List<ClientNode> _nodes = [];
    private readonly List<Adversary> _adversaries = [];
    private readonly Dictionary<(int Client, int Number), ClientLife> _lives = [];
    private readonly List<LoopWatch> _watches = [];
    private readonly List<ulong> _checkpoints = [];
    private readonly List<StopRequest> _stopRequests = [];
    private readonly SimulatedHost? _askerHost;
    private readonly HostFaults _hostFaults;
    private readonly Neighbors _neighbors;
    private readonly int[] _lifeNumbers;
    private readonly string _configuration;
    private Violation? _violation;
    private long _nextCheckpoint = CheckpointEvents;
    private bool _isStopped;

    private World(WorldOptions options)
    {
        Simulator = new Simulator(options.Seed);
        if (options.Trace is not null)
        {
            Network.Trace.WriteTo(options.Trace);
        }

        Settings = WorldSettings.Draw(options, Network.Faults);
        _configuration = Settings.Describe(Network.Faults);
        Network.Link = Settings.Link;
        Network.DefaultSendBufferBytes = Settings.SendBufferBytes;
        Network.DefaultReceiveBufferBytes = Settings.ReceiveBufferBytes;
        SimulatedHost serverHost = AddHost("server");
        serverHost.Clock.DriftPartsPerMillion = Settings.ServerDrift;
        serverHost.MaxSockets = Settings.Descriptors > 0 ? Settings.Descriptors : serverHost.MaxSockets;
        Server = new ServerNode(this, serverHost, SeededRandom.For(options.Seed, ServerStream), SeededRandom.For(options.Seed, HandlerFaultStream));
        for (int i = 0; i < Settings.ClientHosts; i++)
        {
            SimulatedHost host = AddHost($"clients{i}");
            host.LoopbackHost = serverHost;
            _nodes.Add(new ClientNode(this, host, SeededRandom.For(options.Seed, ClientStreams + (ulong)i)));
        }

        for (int i = 0; i < Settings.Clients; i++)
        {
            _nodes[i % _nodes.Count].AddPlayer(i);
        }

        for (int i = 0; i < Settings.Adversaries; i++)
        {
            SimulatedHost host = AddHost($"adversary{i}");
            host.LoopbackHost = serverHost;
            _adversaries.Add(new Adversary(this, host, SeededRandom.For(options.Seed, AdversaryStreams + (ulong)i)));
        }

        if (Settings.HasLastAskers)
        {
            _askerHost = AddHost("askers");
            _askerHost.LoopbackHost = serverHost;
        }

        InviteGuests();
        _lifeNumbers = new int[Settings.Clients];
        _hostFaults = new HostFaults(this, SeededRandom.For(options.Seed, HostFaultStream));
        _neighbors = new Neighbors(this, SeededRandom.For(options.Seed, NeighborStream));
    }

    public Simulator Simulator { get; }

    public SimulatedNetwork Network => Simulator.Network;

    public WorldSettings Settings { get; }

    public ServerNode Server { get; }

    public IReadOnlyList<ClientNode> Nodes => _nodes;

    public WorldPhase Phase { get; private set; }

    /// <summary>Whether clients and server send new messages.</summary>
    public bool IsWorking => Phase is <= WorldPhase.Liveness or WorldPhase.Calm;

    /// <summary>Whether clients leave and are kicked at random.</summary>
    public bool IsRestless => Phase <= WorldPhase.Safety;

    /// <summary>Whether clients without a connection try to connect.</summary>
    public bool AcceptsPlayers => Phase < WorldPhase.Drain;

    /// <summary>
    /// The share of the drawn rate that is sent in a tick: little when every client must come back, because a link that is too narrow stays so.
    /// </summary>
    public double RateOf(double drawn) => IsRestless ? drawn : Math.Min(drawn, CalmRate);

    /// <summary>The length of a message's filler: mostly zero, and small more often than large.</summary>
    public int DrawFiller(SeededRandom random) =>
        IsRestless && random.Chance(0.1) ? random.Next(1 + (Settings.MaxFillerBytes >> random.Next(8))) : 0;

    /// <summary>Sessions opened, as clients see it.</summary>
    public long Opened { get; set; }

    /// <summary>Messages that arrived, in both directions.</summary>
    public long Messages { get; set; }

    /// <summary>Ticks of the server, over its restarts.</summary>
    public long Ticks { get; private set; }

    /// <summary>Requests that wait for an answer, on both sides.</summary>
    public int PendingRequests => Server.PendingRequests + _nodes.Sum(static node => node.PendingRequests);

    /// <summary>Whether no fault of this world can make the server late.</summary>
    public bool IsServerPunctual => Settings.Options.Kind == WorldKind.Attack;

    private long Now => Network.Events.Now;

    /// <summary>A summary of what the seed draws, on a few lines.</summary>
    public static string Describe(WorldOptions options)
    {
        if (options.Kind == WorldKind.Datagrams)
        {
            return DatagramWorld.Describe(options);
        }

        if (options.Kind == WorldKind.Links)
        {
            return LinkSettings.Draw(options).Describe(options);
        }

        var faults = new FaultPlan(options.Seed);
        return WorldSettings.Draw(options, faults).Describe(faults);
    }

    /// <summary>Runs one world from its beginning to its end, or to the first invariant that does not hold.</summary>
    public static WorldResult Run(WorldOptions options)
    {
        if (options.Kind == WorldKind.Datagrams)
        {
            return DatagramWorld.Run(options);
        }

        if (options.Kind == WorldKind.Links)
        {
            return LinkWorld.Run(options);
        }

        using var world = new World(options);
        SynchronizationContext? before = SynchronizationContext.Current;
        try
        {
            world.RunPhases();
        }
        catch (InvariantViolationException broken)
        {
            world.Fail("I0", $"an invariant of the engine or of the simulated system: {broken.Message}");
        }
#pragma warning disable CA1031 // Any exception here would have ended a server.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            world.Fail("I0", $"a loop threw {exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        return world.Result();
    }

    /// <summary>Reports a violation if a fact does not hold; the first one ends the run.</summary>
    public void Require(bool holds, string invariant, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument(nameof(holds))] ref RequireText text)
    {
        if (!holds)
        {
            Fail(invariant, text.Take());
        }
    }

    public void Fail(string invariant, string text)
    {
        // Failures of a dead process's thread while it unwinds do not count.
        if (SimulatedThread.Current is not { IsKilled: true })
        {
            _violation ??= new Violation(invariant, text, Now, Ticks, Phase);
        }
    }

    /// <summary>Starts another session of a client.</summary>
    public ClientLife NewLife(int client)
    {
        var life = new ClientLife(client, ++_lifeNumbers[client]);
        _lives.Add((client, life.Number), life);
        return life;
    }

    public ClientLife? FindLife(int client, int number) => _lives.GetValueOrDefault((client, number));

    /// <summary>A client is about to send a request around the server's stop.</summary>
    public StopRequest NewStopRequest(ClientLife life)
    {
        var request = new StopRequest(life, FirstStopRequest + _stopRequests.Count, Now);
        _stopRequests.Add(request);
        return request;
    }

    public StopRequest? FindStopRequest(long number) => number >= FirstStopRequest ? _stopRequests[(int)(number - FirstStopRequest)] : null;

    /// <summary>The limits of this world's sessions, on both sides.</summary>
    public void ConfigureSession(SessionOptions o)
    {
        o.MaxBodyBytes = Settings.MaxBodyBytes;
        o.MaxSendQueueBytes = Settings.MaxSendQueueBytes;
        o.HandshakeTimeout = Settings.HandshakeTimeout;
        o.IdleTimeout = Settings.IdleTimeout;
        o.PingInterval = Settings.IdleTimeout / 3;
        o.RequestTimeout = Settings.RequestTimeout;
        o.CloseTimeout = Settings.CloseTimeout;
    }

    /// <summary>Watches every iteration of a loop.</summary>
    public void Watch(LoopDriver driver) => _watches.Add(new LoopWatch(this, driver));

    /// <summary>A process dies: its loop runs no more.</summary>
    public void Kill(LoopDriver driver)
    {
        driver.Kill();
        driver.Loop.Abandon();
        Simulator.Remove(driver);
        _watches.RemoveAll(watch => watch.Driver == driver);
        _hostFaults.Forget(driver);
    }

    /// <summary>Bytes of a loop's pool that the world itself holds.</summary>
    public (long Leases, long Bytes) HeldFrom(LoopDriver driver) => _hostFaults.HeldFrom(driver);

    /// <summary>A tick of the server ran.</summary>
    public void OnServerTick()
    {
        Ticks++;
        if (Settings.Options.Kind == WorldKind.Canary && Ticks == CanaryTick)
        {
            Fail("I0", "the canary: this world breaks on purpose");
        }

        _isStopped |= Ticks == Settings.Options.UntilTick;
    }

    /// <summary>An open session of an honest client ended: the close reason must be a permitted one, and its cause must have happened.</summary>
    public void OnHonestClosed(ClientLife life, CloseInfo info, bool isClient)
    {
        Network.Trace.Event(TraceCode.World, life.Client, life.Number, (long)info.Reason);
        string side = isClient ? "client" : "server";
        bool isHonest = info.Reason switch
        {
            // Only clients leave on their own, and they say so.
            CloseReason.Normal => life.HasLeft && info.ByPeer != isClient,
            CloseReason.ServerStopping => Phase >= WorldPhase.Drain && info.ByPeer == isClient,
            CloseReason.Kicked => Settings.KicksPerTick > 0 && info.ByPeer == isClient,
            CloseReason.HandlerFault => Settings.HandlersThrow && info.ByPeer == isClient,
            CloseReason.Idle or CloseReason.SlowConsumer or CloseReason.TransportError => HasCause(info, isClient),
            CloseReason.Disconnected => info.ByPeer
                && (MayRunOutOfBuffers || Happened(FaultClass.ProcessCrash, FaultClass.ModifyNoBuffers) || (IsByUdp(life) && (HasStalled || IsNarrow))),

            // A client whose process or address is another may come from the address of one that the server still knows.
            CloseReason.Replaced => IsByUdp(life) && !isClient && !IsCalm,
            CloseReason.Evicted => MayRunOutOfBuffers,

            // A process may die in the middle of a frame, and a Unix socket has no reset: an aborted stream just ends.
            CloseReason.Truncated => Settings.IsUnix || Network.Faults.ProbabilityOf(FaultClass.ProcessCrash) > 0,
            _ => false,
        };
        Require(
            isHonest,
            "I22",
            $"the {side} of client {life.Client} life {life.Number} says {info}{(info.ByPeer ? ", by its peer" : "")}, and the client is honest");
        Require(
            !Settings.IsOverload || info.Reason == CloseReason.Normal || Phase == WorldPhase.Drain,
            "I27",
            $"the server had too much to do, and client {life.Client} life {life.Number} is lost: the {side} says {info}");
        Require(
            !IsCalm || !IsLiving(life, isClient),
            "I33",
            $"nothing goes wrong, and client {life.Client} life {life.Number} is lost: the {side} says {info}");
        Require(
            Settings.Options.Kind != WorldKind.Attack || Phase is WorldPhase.WarmUp or WorldPhase.Drain,
            "I22",
            $"under attack client {life.Client} life {life.Number} is lost: the {side} says {info}");
    }

    /// <summary>Whether no drawn fault can happen now, and every client was connected and had received everything before.</summary>
    public bool IsCalm => Phase is WorldPhase.Calm or WorldPhase.Steady;

    /// <summary>Whether one of these faults has happened.</summary>
    private bool Happened(params ReadOnlySpan<FaultClass> faults)
    {
        foreach (FaultClass fault in faults)
        {
            if (Network.Faults.Fired[(int)fault] > 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsByUdp(ClientLife life) => Settings.IsByUdp(life.Client);

    private bool MayRunOutOfBuffers => Settings.MaxBufferBytes < 256L << 20 || Network.Faults.ProbabilityOf(FaultClass.PoolExhausted) > 0;

    public void Dispose() => Simulator.Dispose();

    private SimulatedHost AddHost(string name)
    {
        SimulatedHost host = Network.AddHost(name);
        host.CallCost = Settings.CallCost;
        return host;
    }

    /// <summary>Lets virtual time pass.</summary>
    /// <returns>False when the run is over.</returns>
    private bool RunFor(long duration)
    {
        long until = Now + duration;
        Simulator.LookAtLoops();
        while (_violation is null && !_isStopped && Network.Events.FireNext(until))
        {
            if (Network.Trace.Count >= _nextCheckpoint)
            {
                _checkpoints.Add(Network.Trace.Hash);
                _nextCheckpoint = Network.Trace.Count + CheckpointEvents;
                _isStopped |= Settings.Options.Cancellation.IsCancellationRequested;
            }
        }

        return _violation is null && !_isStopped;
    }

    private WorldResult Result() => new()
    {
        Options = Settings.Options,
        Configuration = _configuration,
        Violation = _violation,
        IsPartial = _isStopped,
        Hash = Network.Trace.Hash,
        Events = Network.Trace.Count,
        VirtualTime = Now,
        Ticks = Ticks,
        Sessions = Opened,
        Messages = Messages,
        Fired = Network.Faults.Fired.ToArray(),
        Checkpoints = _checkpoints,
    };
}
