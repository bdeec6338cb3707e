using System.Globalization;
using System.Text;
using NetLoop.Transports;

namespace NetLoop.Worlds;

/// <summary>What the seed drew for one world: its clients, limits and faults. Times are virtual.</summary>
internal sealed partial class WorldSettings
{
    private const ulong SettingsStream = 2;

    // Draws that were added later have a stream of their own, so that older seeds keep their values.
    private const ulong OpeningStream = 5;
    private const ulong DescriptorStream = 41;
    private const ulong EndingStream = 21;
    private const ulong UdpStream = 71;
    private const ulong OverloadStream = 6;
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;

    private WorldSettings(WorldOptions options) => Options = options;

    public WorldOptions Options { get; }

    public int ClientHosts { get; private set; }

    public int Clients { get; private set; }

    public int Adversaries { get; private set; }

    public int TickRate { get; private set; }

    public int ClientTickRate { get; private set; }

    /// <summary>Whether the server's handlers have a thread of their own.</summary>
    public bool IsDedicated { get; private set; }

    /// <summary>Whether all handlers run on the loop.</summary>
    public bool HandlersShareLoop => !IsDedicated && !Offloads;

    /// <summary>Whether some requests are offloaded to workers.</summary>
    public bool Offloads { get; private set; }

    /// <summary>Whether clients connect over a Unix socket.</summary>
    public bool IsUnix { get; private set; }

    /// <summary>Whether the server listens on WebSocket too.</summary>
    public bool HasWebSocket { get; private set; }

    /// <summary>If the server listens on WebSocket, every n-th client uses it.</summary>
    public int WebSocketEvery { get; private set; }

    /// <summary>Whether the server listens on UDP too.</summary>
    public bool HasUdp => Options.Kind == WorldKind.Udp;

    /// <summary>If the server listens on UDP, every n-th client uses it.</summary>
    public int UdpEvery { get; private set; }

    /// <summary>Silence after which a UDP connection is over.</summary>
    public TimeSpan UdpTimeout { get; private set; }

    /// <summary>How long the server's authenticator takes; zero for none.</summary>
    public TimeSpan AuthenticationTime { get; private set; }

    /// <summary>Whether clients without an engine send requests and end their stream at once.</summary>
    public bool HasLastAskers { get; private set; }

    /// <summary>Whether clients send requests while the server stops.</summary>
    public bool AsksThroughTheStop { get; private set; }

    /// <summary>Whether handlers of the server's events throw now and then.</summary>
    public bool HandlersThrow { get; private set; }

    /// <summary>Whether the server may close sessions, by its own decision, while their handlers run.</summary>
    public bool LosesResponses => KicksPerTick > 0 || HandlersThrow || Guests.Count > 0;

    /// <summary>Number of connection objects; the server parks quiet connections beyond it.</summary>
    public int MaxActiveConnections { get; private set; }

    /// <summary>Whether connections beyond that are parked even when they are busy.</summary>
    public bool ParksBusyConnections => MaxActiveConnections == 1;

    public int MaxOpeningConnections { get; private set; }

    public int MaxOpeningBytes { get; private set; }

    public bool BufferDiagnostics { get; private set; }

    /// <summary>Whether allocations of the server's loop are measured at the end.</summary>
    public bool MeasuresAllocations { get; private set; }

    public LinkConditions Link { get; private set; } = LinkConditions.Perfect;

    public int SendBufferBytes { get; private set; }

    public int ReceiveBufferBytes { get; private set; }

    public int MaxBodyBytes { get; private set; }

    public int MaxSendQueueBytes { get; private set; }

    public int MaxInboxMessages { get; private set; }

    public int MaxInboxBytes { get; private set; }

    public long MaxBufferBytes { get; private set; }

    public int MaxConnections { get; private set; }

    /// <summary>The limit of descriptors of the server's process, which others in it use too; 0 when there are plenty.</summary>
    public int Descriptors { get; private set; }

    public TimeSpan HandshakeTimeout { get; private set; }

    public TimeSpan IdleTimeout { get; private set; }

    public TimeSpan RequestTimeout { get; private set; }

    public TimeSpan CloseTimeout { get; private set; }

    public long CallCost { get; private set; }

    /// <summary>How long the server computes in each tick, in nanoseconds.</summary>
    public long TickCost { get; private set; }

    /// <summary>How long the server computes for each message, in nanoseconds.</summary>
    public long HandlerCost { get; private set; }

    /// <summary>Probability that a handler of the server does not return for <see cref="StallTime"/>.</summary>
    public double StallsPerMessage { get; private set; }

    /// <summary>How long a stalled handler or tick takes, in nanoseconds: mostly longer than the server's deadlines.</summary>
    public long StallTime { get; private set; }

    /// <summary>Additional time that an overloaded server may take for everything, in nanoseconds.</summary>
    public long WorkTime => IsOverload ? (2 * StallTime) + (120 * Second) : 0;

    /// <summary>Whether the server has more work than it can do in time; the other faults of such a world are harmless.</summary>
    public bool IsOverload => Options.Kind == WorldKind.Overload;

    public long ServerDrift { get; private set; }

    /// <summary>Messages a client sends in a tick, on average.</summary>
    public double SendsPerTick { get; private set; }

    public double RequestsPerTick { get; private set; }

    /// <summary>Messages the server sends to one session in a tick, on average.</summary>
    public double PushesPerTick { get; private set; }

    /// <summary>Ticks between two broadcasts; 0 for none.</summary>
    public int BroadcastEvery { get; private set; }

    /// <summary>Probability, in each tick, that a client leaves and comes back.</summary>
    public double LeavesPerTick { get; private set; }

    /// <summary>Probability, in each tick, that the server kicks a session.</summary>
    public double KicksPerTick { get; private set; }

    /// <summary>The largest filler of a message.</summary>
    public int MaxFillerBytes { get; private set; }

    public long WarmUp { get; private set; }

    public long Safety { get; private set; }

    /// <summary>The longest time that pending work may take to end once there are no faults.</summary>
    public long Liveness { get; private set; }

    /// <summary>Average time between two faults of hosts and links, in nanoseconds.</summary>
    public long HostFaultInterval { get; private set; }

    /// <summary>Draws a world.</summary>
    public static WorldSettings Draw(WorldOptions options, FaultPlan faults)
    {
        var settings = new WorldSettings(options);
        SeededRandom random = SeededRandom.For(options.Seed, SettingsStream);
        settings.DrawEverything(random);
        settings.DrawOpening(SeededRandom.For(options.Seed, OpeningStream));
        if (settings.IsOverload)
        {
            settings.DrawOverload(SeededRandom.For(options.Seed, OverloadStream));
            settings.Liveness += settings.WorkTime;
        }

        settings.DrawUdp(SeededRandom.For(options.Seed, UdpStream));
        settings.DrawSchedule(SeededRandom.For(options.Seed, ScheduleStream));
        settings.DrawWork(SeededRandom.For(options.Seed, WorkStream));
        settings.DrawFaults(random, faults);
        settings.DrawDescriptors(SeededRandom.For(options.Seed, DescriptorStream));
        settings.DrawEnding(SeededRandom.For(options.Seed, EndingStream));
        settings.DrawGuests(SeededRandom.For(options.Seed, GuestStream));
        return settings;
    }

    /// <summary>Whether a world may have a fault class.</summary>
    public static bool Draws(WorldOptions options, FaultClass fault)
    {
        var faults = new FaultPlan(options.Seed);
        if (options.Kind == WorldKind.Links)
        {
            return fault is FaultClass.DatagramLoss or FaultClass.DatagramDuplicated or FaultClass.DatagramReordered or FaultClass.DatagramBurstLoss;
        }

        if (options.Kind == WorldKind.Datagrams)
        {
            DatagramSettings.Draw(options, faults);
        }
        else
        {
            Draw(options, faults);
        }

        return faults.ProbabilityOf(fault) > 0;
    }

    /// <summary>Number of clients in a world.</summary>
    public static int ClientsOf(WorldOptions options) => options.Kind switch
    {
        WorldKind.Links => 1,
        WorldKind.Datagrams => DatagramSettings.Draw(options, new FaultPlan(options.Seed)).Clients,
        _ => Draw(options, new FaultPlan(options.Seed)).Clients,
    };

    /// <summary>Duration of the faults in a world, in nanoseconds.</summary>
    public static long SafetyOf(WorldOptions options) => options.Kind switch
    {
        WorldKind.Links => 0,
        WorldKind.Datagrams => DatagramSettings.Draw(options, new FaultPlan(options.Seed)).Safety,
        _ => Draw(options, new FaultPlan(options.Seed)).Safety,
    };

    /// <summary>Whether a client connects over WebSocket.</summary>
    public bool IsByWebSocket(int client) => HasWebSocket && client % WebSocketEvery == 0;

    /// <summary>Whether a client connects over UDP.</summary>
    public bool IsByUdp(int client) => HasUdp && client % UdpEvery == 0;

    /// <summary>All settings on a few lines, for the head of a report.</summary>
    public string Describe(FaultPlan faults)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed {Options.Seed} world {Options.Kind.ToString().ToLowerInvariant()}: ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Clients} clients on {ClientHosts} hosts, {Adversaries} adversaries, "
                + $"{(IsUnix ? "unix" : "tcp")}{(HasWebSocket ? $", websocket for 1 in {WebSocketEvery}" : "")}"
                + $"{(HasUdp ? $", udp for 1 in {UdpEvery} with {UdpTimeout.TotalSeconds} s" : "")}, ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"ticks {TickRate} Hz, clients {ClientTickRate} Hz, handlers {(IsDedicated ? "dedicated" : "loop")}{(Offloads ? " and offloaded" : "")}"
                + $"{(HandlersThrow ? ", throwing" : "")}{(AsksThroughTheStop ? ", asked through the stop" : "")}"
                + $"{(HasLastAskers ? ", last askers" : "")}{(Guests.Count > 0 ? $", guests {string.Join(' ', Guests)}" : "")}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"  link {Link.Latency.TotalMilliseconds:0.###} ms + {Link.Jitter.TotalMilliseconds:0.###} ms, loss {Link.Loss:0.####}; ");
        text.Append(
            CultureInfo.InvariantCulture, $"sndbuf {SendBufferBytes}, rcvbuf {ReceiveBufferBytes}; frame {MaxBodyBytes}, send queue {MaxSendQueueBytes}, ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"inbox {MaxInboxMessages}/{MaxInboxBytes}, pool {MaxBufferBytes}, connections "
                + $"{MaxConnections}{(Descriptors == 0 ? "" : $", descriptors {Descriptors}")}, ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"opening {MaxOpeningConnections}/{MaxOpeningBytes} in {AuthenticationTime.TotalMilliseconds} ms, active {MaxActiveConnections}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"  per tick: sends {SendsPerTick:0.##}, requests {RequestsPerTick:0.###}, pushes {PushesPerTick:0.##}, leaves {LeavesPerTick:0.####}, "
                + $"kicks {KicksPerTick:0.####}; ");
        text.Append(CultureInfo.InvariantCulture, $"broadcast every {BroadcastEvery}; filler {MaxFillerBytes}; call {CallCost} ns, drift {ServerDrift} ppm; ");
        DescribeSchedule(text);
        text.Append(CultureInfo.InvariantCulture, $"safety {Safety / Millisecond} ms, liveness {Liveness / Millisecond} ms\n  faults:");
        bool any = false;
        foreach (FaultClass fault in Enum.GetValues<FaultClass>())
        {
            if (faults.ProbabilityOf(fault) > 0)
            {
                any = true;
                text.Append(CultureInfo.InvariantCulture, $" {FaultFilter.NameOf(fault)} {faults.ProbabilityOf(fault):0.####}");
            }
        }

        return text.Append(any ? "" : " none").ToString();
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static T Pick<T>(SeededRandom random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private void DrawEverything(SeededRandom random)
    {
        ClientHosts = random.Between(1, 8);
        Clients = Math.Max(ClientHosts, random.Between(1, 16));
        TickRate = Pick(random, 60, 60, 60, 20, 128);
        ClientTickRate = Pick(random, 60, 60, 30);
        IsDedicated = random.Chance(0.2);
        Offloads = random.Chance(0.2);
        IsUnix = random.Chance(0.1);
        BufferDiagnostics = random.Chance(0.125);
        MeasuresAllocations = random.Chance(0.25);
        Link = random.Chance(0.2) ? LinkConditions.Perfect : DrawLink(random);
        SendBufferBytes = Pick(random, 2_048, 4_608, 16_384, 212_992, 212_992);
        ReceiveBufferBytes = Pick(random, 2_304, 16_384, 212_992, 212_992);
        MaxBodyBytes = Pick(random, 512, 2_048, 65_536, 65_536);
        MaxSendQueueBytes = Pick(random, 4_096, 65_536, 262_144, 262_144);
        MaxInboxMessages = Pick(random, 1, 16, 1_024, 1_024);
        MaxInboxBytes = Pick(random, 1_024, 65_536, 1_048_576);
        MaxBufferBytes = Pick(random, 1L << 20, 8L << 20, 256L << 20);
        bool isCrowded = random.Chance(0.1);
        HandshakeTimeout = Seconds(Pick(random, 2, 5));
        IdleTimeout = Seconds(Pick(random, 4, 10, 30));
        RequestTimeout = Seconds(Pick(random, 0.5, 2, 10));
        CloseTimeout = Seconds(Pick(random, 1, 5));
        CallCost = Pick(random, 500L, 500L, 2_000L, 50_000L);
        SendsPerTick = Pick(random, 0.2, 1, 1, 3);
        RequestsPerTick = Pick(random, 0, 0.02, 0.2);
        PushesPerTick = Pick(random, 0, 0.5, 1, 2);
        BroadcastEvery = Pick(random, 0, 1, 6, 60);
        LeavesPerTick = Pick(random, 0, 0.0005, 0.005);
        KicksPerTick = Pick(random, 0, 0, 0.005);
        MaxFillerBytes = Math.Min(MaxBodyBytes - 128, Pick(random, 32, 32, 256, 4_096, 60_000));
        WarmUp = Second;
        Safety = random.Between(3L, 12L) * Second;
        HostFaultInterval = random.Between(200L, 4_000L) * Millisecond;
        DrawKind(random);
        if (IsUnix)
        {
            Link = LinkConditions.Perfect;
        }

        MeasuresAllocations &= HandlersShareLoop && !BufferDiagnostics && TickRate > 0;
        if (MaxInboxBytes < MaxFillerBytes)
        {
            MaxInboxBytes = 65_536;
        }

        Clients = Options.Clients > 0 ? Options.Clients : Clients;
        MaxConnections = isCrowded && Options.Kind is not (WorldKind.Attack or WorldKind.Features) ? Clients + 2 : 10_000;
        ClientHosts = Math.Min(ClientHosts, Clients);
        Safety = Options.Safety > TimeSpan.Zero ? Options.Safety.Ticks * 100 : Safety;
        double longest = Math.Max(Math.Max(IdleTimeout.TotalSeconds, RequestTimeout.TotalSeconds), HandshakeTimeout.TotalSeconds + CloseTimeout.TotalSeconds);

        // A connection that the network dropped silently is noticed by the idle timeout at the latest; then its client connects again. A full queue empties
        // at one buffer for each round trip.
        double roundTrip = 2 * (Link.Latency + Link.Jitter).TotalSeconds;
        double emptying = roundTrip * ((double)MaxSendQueueBytes + SendBufferBytes) / Math.Min(SendBufferBytes, ReceiveBufferBytes);
        Liveness = (long)(((3 * longest) + (4 * emptying)) * Second);
    }

    private void DrawKind(SeededRandom random)
    {
        switch (Options.Kind)
        {
            case WorldKind.Dense:
                ClientHosts = 8;
                Clients = 64;
                TickRate = 60;
                ClientTickRate = 60;
                SendsPerTick = 1;
                PushesPerTick = 1;
                MaxFillerBytes = 64;
                CallCost = 500;
                Safety = random.Between(2L, 4L) * Second;
                IdleTimeout = Seconds(4);
                RequestTimeout = Seconds(2);
                MaxSendQueueBytes = 262_144;
                break;

            case WorldKind.Idle:
                Clients = random.Between(4, 32);
                TickRate = 0;
                ClientTickRate = 0;
                SendsPerTick = RequestsPerTick = PushesPerTick = LeavesPerTick = KicksPerTick = 0;
                BroadcastEvery = 0;
                Safety = random.Between(300L, 3_600L) * Second;
                HostFaultInterval = random.Between(60L, 600L) * Second;
                IdleTimeout = Seconds(30);
                MeasuresAllocations = false;
                break;

            case WorldKind.Storm:
                Clients = random.Between(16, 48);
                ClientHosts = random.Between(2, 6);
                LeavesPerTick = Pick(random, 0.02, 0.1);
                HostFaultInterval = random.Between(200L, 1_000L) * Millisecond;
                Safety = random.Between(3L, 6L) * Second;
                break;

            case WorldKind.Attack:
                Adversaries = random.Between(1, 4);
                LeavesPerTick = 0;
                KicksPerTick = 0;
                Safety = random.Between(6L, 20L) * Second;
                IdleTimeout = Seconds(Pick(random, 4, 10));
                MaxBufferBytes = 256L << 20;
                MaxSendQueueBytes = 262_144;
                SendBufferBytes = ReceiveBufferBytes = 212_992;
                CallCost = 500;
                SendsPerTick = Math.Min(SendsPerTick, 1);
                MaxFillerBytes = Math.Min(MaxFillerBytes, 256);
                Link = new LinkConditions(TimeSpan.FromMilliseconds(random.Between(0, 40)));
                break;

            case WorldKind.Features:
                Clients = ClientHosts = random.Between(1, 3);
                LeavesPerTick = 0;
                KicksPerTick = 0;
                Safety = Second / 2;
                MaxBodyBytes = 65_536;
                MaxSendQueueBytes = 262_144;
                MaxInboxBytes = 1_048_576;
                MaxBufferBytes = 256L << 20;
                CallCost = Math.Min(CallCost, 2_000);
                MaxFillerBytes = Math.Min(MaxFillerBytes, 256);
                break;

            case WorldKind.Canary:
                Clients = ClientHosts = 2;
                Safety = Second;
                break;

            case WorldKind.Udp:
                IsUnix = false;
                break;

            case WorldKind.Swarm:
                Adversaries = random.Chance(0.25) ? random.Between(1, 2) : 0;
                break;
        }
    }

    private void DrawOpening(SeededRandom random)
    {
        bool isAttack = Options.Kind == WorldKind.Attack;
        HasWebSocket = random.Chance(isAttack ? 0.5 : 0.25);
        WebSocketEvery = random.Between(1, 3);
        AuthenticationTime = random.Chance(0.5) ? TimeSpan.FromMilliseconds(random.Between(1, isAttack ? 1_000 : 100)) : TimeSpan.Zero;
        MaxOpeningConnections = Pick(random, 64, 1_024);
        MaxOpeningBytes = Pick(random, 64 << 10, 8 << 20);
        MaxActiveConnections = Pick(random, 1, 4, 1_024);
    }

    private void DrawUdp(SeededRandom random)
    {
        UdpEvery = Pick(random, 1, 1, 2, 3);
        UdpTimeout = Seconds(Pick(random, 3, 5, 10));
        if (HasUdp)
        {
            // Packets that overtake each other still make lists of segments grow and shrink.
            MeasuresAllocations = false;

            // A connection whose address has changed is noticed by its silence; then its client needs a token over TCP.
            Liveness += 3 * UdpTimeout.Ticks * 100;
        }
    }

    private void DrawDescriptors(SeededRandom random)
    {
        // Two listeners for each loop, with UDP also a socket and a listener for tokens, the server's reserves, and all clients.
        int needed = ((HasUdp ? 4 : 2) * Loops) + DescriptorBudget.RejectionReserve + DescriptorBudget.RuntimeReserve + Clients;
        bool areFew = random.Chance(0.15) && Options.Kind is not (WorldKind.Attack or WorldKind.Canary or WorldKind.Features);
        Descriptors = areFew ? needed + random.Between(2, 6) : 0;
    }

    private void DrawEnding(SeededRandom random)
    {
        // A full server would have no room for another client.
        HasLastAskers = random.Chance(0.5) && MaxConnections > Clients + 64 && Descriptors == 0;
        AsksThroughTheStop = random.Chance(0.75);
        HandlersThrow = random.Chance(0.2) && (Options.Kind is WorldKind.Swarm or WorldKind.Storm or WorldKind.Dense);
    }

    /// <summary>Draws more work than there is time for, in ticks, in handlers or in both, and clients that never give up.</summary>
    private void DrawOverload(SeededRandom random)
    {
        Clients = Options.Clients > 0
            ? Options.Clients
            : Pick(random, 16, 17, 17, 24, 40, 40, 64, random.Chance(0.2) ? 200 : 32, random.Chance(0.03) ? 2_000 : 20);
        ClientHosts = Math.Min(Clients, random.Between(1, 4));
        TickRate = Pick(random, 60, 60, 20, 128);
        ClientTickRate = 30;
        long step = Second / TickRate;
        TickCost = random.Chance(0.8) ? step * random.Between(90L, 300L) / 100 : step / 8;
        HandlerCost = random.Chance(0.5) ? 0 : Pick(random, 100_000L, 2 * Millisecond, 20 * Millisecond, 40 * Millisecond);
        StallsPerMessage = random.Chance(0.5) ? 0 : 0.002;
        StallTime = random.Between(3L, 40L) * Second;

        // The total must stay below the work that a late loop does for its input; otherwise late messages could not be told from lost ones.
        double most = HandlerCost == 0 ? 1 : 0.1 * Second / HandlerCost / Clients / ClientTickRate;
        SendsPerTick = Math.Min(Pick(random, 0.1, 0.5, 1), most);
        RequestsPerTick = Math.Min(Pick(random, 0, 0.02, 0.2), Math.Min(most / 2, Offloads ? 0.02 : 1));
        PushesPerTick = Math.Min(PushesPerTick, 0.5);
        BroadcastEvery = Pick(random, 0, 6, 60);
        LeavesPerTick = Pick(random, 0, 0.001);
        KicksPerTick = 0;
        MaxFillerBytes = Math.Min(MaxFillerBytes, 64);
        Link = new LinkConditions(TimeSpan.FromMilliseconds(random.Between(0, 20)));
        SendBufferBytes = ReceiveBufferBytes = 212_992;
        MaxSendQueueBytes = 4 << 20;
        MaxInboxMessages = 1_024;
        MaxInboxBytes = 1 << 20;
        MaxBufferBytes = 256L << 20;
        MaxConnections = 10_000;
        MaxOpeningConnections = 4_096;
        MaxOpeningBytes = 64 << 20;
        RequestTimeout = Seconds(Pick(random, 2, 10));

        // Asynchronous handlers may take a few iterations, which are long here.
        CloseTimeout = Seconds(10);
        CallCost = Math.Min(CallCost, 2_000);
        MeasuresAllocations = false;
        HostFaultInterval = random.Between(1_000L, 8_000L) * Millisecond;
    }

    private static LinkConditions DrawLink(SeededRandom random)
    {
        var latency = TimeSpan.FromMicroseconds(Pick(random, 50, 1_000, 15_000, 60_000, 200_000));
        var jitter = random.Chance(0.5) ? TimeSpan.Zero : latency * random.NextDouble();
        double loss = random.Chance(0.5) ? 0 : random.NextDouble() * 0.05;
        return new LinkConditions(latency, jitter, loss, random.Chance(0.2) ? 1_000_000 : 0);
    }

    private void DrawFaults(SeededRandom random, FaultPlan faults)
    {
        ServerDrift = 0;
        foreach (FaultClass fault in Enum.GetValues<FaultClass>())
        {
            // Every class is drawn in every world, so that filters and kinds do not change the draws of the others.
            SeededRandom stream = fault <= FaultClass.AllocationFailed ? random : SeededRandom.For(Options.Seed, LaterFaultStreams + (ulong)fault);
            bool isOn = stream.Chance(Options.Kind == WorldKind.Dense ? 0.25 : 0.5);
            double strength = Math.Pow(10, -stream.NextDouble() * 2);
            double probability = MostOf(fault) * strength;
            if (isOn && IsPossible(fault) && Options.Faults.Allows(fault))
            {
                faults.Set(fault, probability);
            }
        }

        if (faults.ProbabilityOf(FaultClass.ClockDrift) > 0)
        {
            ServerDrift = faults.StreamOf(FaultClass.ClockDrift).Between(-500L, 500L);
            faults.Count(FaultClass.ClockDrift);
        }
    }

    /// <summary>The highest probability of a class, for each call or moment at which it may happen.</summary>
    private static double MostOf(FaultClass fault) => fault switch
    {
        FaultClass.ReceiveReset or FaultClass.ReceiveTimedOut or FaultClass.SendBrokenPipe or FaultClass.SendReset => 0.002,
        FaultClass.PollShuffled => 1,
        FaultClass.PollerNoDescriptors => 0.5,
        FaultClass.ThreadStall or FaultClass.ModifyNoBuffers => 0.02,
        FaultClass.LinkLoss => 0.02,
        FaultClass.AcceptDenied or FaultClass.AcceptAborted or FaultClass.RegisterNoBuffers => 0.1,
        FaultClass.HostPause or FaultClass.LinkDown or FaultClass.LinkHalfDown or FaultClass.LinkReset or FaultClass.ProcessCrash or FaultClass.PowerLoss
            or FaultClass.SlowConsumer or FaultClass.PoolExhausted or FaultClass.DescriptorsExhausted or FaultClass.WallClockStep or FaultClass.ClockDrift => 1,
        >= FaultClass.DatagramLoss => DatagramSettings.MostOf(fault),
        _ => 0.3,
    };

    /// <summary>
    /// Whether a world may have a fault class. In an attack world no fault may close an honest connection: then every close is the attackers' doing.
    /// </summary>
    private bool IsPossible(FaultClass fault) => Options.Kind switch
    {
        WorldKind.Canary => false,
        _ when fault >= FaultClass.DatagramLoss && !HasUdp => false,
        _ when fault == FaultClass.ThreadStall && !IsThreaded => false,
        WorldKind.Overload =>
            fault is FaultClass.HostPause or FaultClass.ReceivePartial or FaultClass.ReceiveInterrupted or FaultClass.SendPartial or FaultClass.SendInterrupted
            or FaultClass.AcceptInterrupted or FaultClass.PollShuffled or FaultClass.LinkRechunked or FaultClass.WallClockStep or FaultClass.ClockDrift,
        _ when IsUnix && fault == FaultClass.PowerLoss => false,
        WorldKind.Attack or WorldKind.Features => fault is FaultClass.ReceivePartial or FaultClass.ReceiveWouldBlock or FaultClass.ReceiveInterrupted
            or FaultClass.SendPartial or FaultClass.SendWouldBlock or FaultClass.SendInterrupted
            or FaultClass.PollInterrupted or FaultClass.PollSpurious or FaultClass.PollStale or FaultClass.PollLate or FaultClass.PollShuffled
            or FaultClass.LinkRechunked or FaultClass.WallClockStep or FaultClass.ClockDrift
            or FaultClass.AcceptInterrupted or FaultClass.AcceptNoBuffers or FaultClass.AcceptTooManyFiles,
        _ => true,
    };
}
