using System.Globalization;
using System.Text;
using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Worlds;

/// <summary>What the seed drew for a world of datagrams. Times are virtual nanoseconds.</summary>
internal sealed class DatagramSettings
{
    private const ulong SettingsStream = 81;
    private const ulong FaultStreams = 4_000_000;
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;

    public int Clients { get; private init; }

    public int Adversaries { get; private init; }

    public LinkConditions Link { get; private init; } = LinkConditions.Perfect;

    public int ReceiveBufferBytes { get; private init; }

    /// <summary>Time between two looks of a node at its socket.</summary>
    public long PumpInterval { get; private init; }

    /// <summary>Messages that each end queues in a look, on average.</summary>
    public double SendsPerPump { get; private init; }

    /// <summary>The longest filler of most messages.</summary>
    public int MaxFillerBytes { get; private init; }

    /// <summary>Probability that a message is long.</summary>
    public double LongMessages { get; private init; }

    /// <summary>Whether long messages may be unreliable too.</summary>
    public bool HasLongUnreliable { get; private init; }

    /// <summary>
    /// Bytes of input that a link holds. The pieces of an unreliable message wait for their lost ones until enough newer ones have come, so they need room.
    /// </summary>
    public int MaxHeldBytes => HasLongUnreliable ? 8 << 20 : 512 << 10;

    /// <summary>Longest packet that links look for; 0 for none.</summary>
    public int LongestPayloadBytes { get; private init; }

    /// <summary>Probability that the application has no room for a message.</summary>
    public double Refusals { get; private init; }

    /// <summary>Probability in each look that a client leaves, half of the time without a word.</summary>
    public double LeavesPerPump { get; private init; }

    /// <summary>Average time between two changes of somebody's address; 0 for none.</summary>
    public long AddressChangeInterval { get; private init; }

    /// <summary>Number of clients that may be between request and response.</summary>
    public int MaxPending { get; private init; }

    /// <summary>Silence in seconds after which a connection is over.</summary>
    public int TimeoutSeconds { get; private init; }

    public long Safety { get; private init; }

    /// <summary>The longest time that anything pending may take once there are no faults.</summary>
    public static long Liveness => 60 * Second;

    public static DatagramSettings Draw(WorldOptions options, FaultPlan faults)
    {
        SeededRandom random = SeededRandom.For(options.Seed, SettingsStream);
        int clients = random.Between(1, 6);
        long safety = random.Between(2L, 6L) * Second;
        var settings = new DatagramSettings
        {
            Clients = options.Clients > 0 ? options.Clients : clients,
            Adversaries = random.Chance(0.5) ? random.Between(1, 2) : 0,
            Link = DrawLink(random),
            ReceiveBufferBytes = Pick(random, 212_992, 212_992, 65_536, 4 << 20),
            PumpInterval = Pick(random, Millisecond, 2 * Millisecond, 5 * Millisecond),
            SendsPerPump = Pick(random, 0.05, 0.2, 0.5),
            MaxFillerBytes = Pick(random, 32, 200, 1_000),
            LongMessages = Pick(random, 0, 0.02, 0.05),
            Refusals = Pick(random, 0, 0, 0.05),
            LeavesPerPump = Pick(random, 0, 0.0002, 0.001),
            AddressChangeInterval = Pick(random, 0L, 0L, 1_000L, 3_000L) * Millisecond,
            MaxPending = Pick(random, 4, 64, 1_024),
            TimeoutSeconds = random.Between(2, 5),
            HasLongUnreliable = random.Chance(0.5),
            Safety = options.Safety > TimeSpan.Zero ? options.Safety.Ticks * 100 : safety,
            LongestPayloadBytes = random.Chance(0.5) ? 1_472 - LinkOptions.PacketOverhead : 0,
        };
        DrawFaults(options, faults);
        return settings;
    }

    public string Describe(WorldOptions options, FaultPlan faults)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"seed {options.Seed} world datagrams: {Clients} clients, {Adversaries} adversaries; link {Link.Latency.TotalMilliseconds:0.###} ms + "
                + $"{Link.Jitter.TotalMilliseconds:0.###} ms, loss {Link.Loss:0.###}, twice {Link.Duplication:0.###}, late {Link.Reordering:0.###}, "
                + $"{Link.BytesPerSecond} bytes/s\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"  rcvbuf {ReceiveBufferBytes}; every {PumpInterval / Millisecond} ms: sends {SendsPerPump}, filler {MaxFillerBytes}, long "
                + $"{LongMessages}{(HasLongUnreliable ? " also unreliable" : "")}, packets up to {LongestPayloadBytes}, refused {Refusals}, leaves "
                + $"{LeavesPerPump}; addresses change every {AddressChangeInterval / Millisecond} ms; pending {MaxPending}, timeout "
                + $"{TimeoutSeconds} s, safety {Safety / Millisecond} ms\n  faults:");
        foreach (FaultClass fault in Enum.GetValues<FaultClass>())
        {
            if (faults.ProbabilityOf(fault) > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" {FaultFilter.NameOf(fault)} {faults.ProbabilityOf(fault):0.#####}");
            }
        }

        return text.ToString();
    }

    private static T Pick<T>(SeededRandom random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private static LinkConditions DrawLink(SeededRandom random)
    {
        var latency = TimeSpan.FromMicroseconds(Pick(random, 0, 500, 15_000, 50_000, 150_000));
        return new LinkConditions(
            latency,
            random.Chance(0.5) ? TimeSpan.Zero : latency * random.NextDouble(),
            random.Chance(0.5) ? 0 : random.NextDouble() * 0.25,
            Pick(random, 0L, 0L, 125_000L, 1_000_000L))
        {
            Duplication = random.Chance(0.7) ? 0 : random.NextDouble() * 0.25,
            Reordering = random.Chance(0.7) ? 0 : random.NextDouble() * 0.25,
        };
    }

    private static void DrawFaults(WorldOptions options, FaultPlan faults)
    {
        for (FaultClass fault = FaultClass.DatagramLoss; fault <= FaultClass.AddressChanged; fault++)
        {
            SeededRandom stream = SeededRandom.For(options.Seed, FaultStreams + (ulong)fault);
            bool isOn = stream.Chance(0.5);
            double probability = MostOf(fault) * Math.Pow(10, -stream.NextDouble() * 2);
            if (isOn && options.Faults.Allows(fault))
            {
                faults.Set(fault, probability);
            }
        }
    }

    /// <summary>The highest probability of a class at each opportunity.</summary>
    public static double MostOf(FaultClass fault) => fault switch
    {
        FaultClass.DatagramLoss or FaultClass.DatagramDuplicated or FaultClass.DatagramReordered => 0.3,
        FaultClass.DatagramBurstLoss => 0.03,
        FaultClass.DatagramBlackHole => 0.001,
        FaultClass.DatagramReceivePartial or FaultClass.DatagramSendPartial => 0.5,
        FaultClass.AddressChanged => 1,
        FaultClass.DatagramRefused or FaultClass.DatagramSendDenied or FaultClass.DatagramSendTooLong => 0.02,
        _ => 0.1,
    };
}
