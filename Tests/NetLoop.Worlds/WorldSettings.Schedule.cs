using System.Globalization;
using System.Text;

namespace NetLoop.Worlds;

/// <content>Scheduling: threads, loops, and the cost of computing.</content>
internal sealed partial class WorldSettings
{
    private const ulong ScheduleStream = 51;
    private const ulong WorkStream = 52;

    // Each class that was added later has a random stream of its own.
    private const ulong LaterFaultStreams = 5_100;

    /// <summary>How the threads of the server's process interrupt each other; null without threads, when its loop runs whole iterations at a time.</summary>
    public ThreadSchedule? Threads { get; private set; }

    /// <summary>Whether each thread of the server is simulated and may be interrupted at any call.</summary>
    public bool IsThreaded => Threads is not null;

    /// <summary>Number of the server's loops.</summary>
    public int Loops { get; private set; } = 1;

    /// <summary>Capacity of the server's command queues. Without threads, a writer that waits for room would wait for the thread that it runs on.</summary>
    public int MaxQueuedCommands { get; private set; } = 1_000_000;

    public TickPrecision TickPrecision { get; private set; }

    public TimeSpan SpinTime { get; private set; }

    /// <summary>Whether handlers and ticks take time while faults are active, in worlds that do not stress that.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>The most bytes that one loop may rent from its pool.</summary>
    public long MaxBufferBytesOfLoop => Loops == 1 ? MaxBufferBytes : Math.Max(1L << 20, MaxBufferBytes / Loops);

    private void DrawSchedule(SeededRandom random)
    {
        bool isThreaded = random.Chance(0.025);
        int calls = Pick(random, 4, 30, 200, 2_000);
        long run = Pick(random, 100_000L, 200_000L, 1_000_000L);
        double late = Pick(random, 0, 0.02, 0.3);
        int loops = Pick(random, 1, 2, 2, 3, 4);
        int items = Pick(random, 1, 4, 64, 4_096);
        bool isDedicated = random.Chance(0.5);
        bool offloads = random.Chance(0.5);
        TickPrecision precision = Pick(random, TickPrecision.WhileConnected, TickPrecision.WhileConnected, TickPrecision.Always, TickPrecision.Saving);
        TimeSpan spin = Pick(random, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(1));
        if (Options.Kind is not WorldKind.Threads
            && !(isThreaded && Options.Kind is WorldKind.Swarm or WorldKind.Storm or WorldKind.Dense or WorldKind.Idle or WorldKind.Attack))
        {
            return;
        }

        Threads = new ThreadSchedule(calls, run, late, LongestStall: (IdleTimeout.Ticks * 100) + (2 * Second));
        Loops = loops;
        MaxQueuedCommands = items;
        IsDedicated = isDedicated;
        Offloads = offloads;
        TickPrecision = precision;
        SpinTime = spin;
        MeasuresAllocations = false;
    }

    /// <summary>Draws ticks and handlers that take long, and some that do not return for longer than a peer's deadline.</summary>
    private void DrawWork(SeededRandom random)
    {
        bool isSlow = random.Chance(0.12);
        long step = Second / Math.Max(1, TickRate);
        long tick = Pick(random, 0, step / 8, step * 6 / 5, step * 3);
        long handler = Pick(random, 0, 20_000L, 500_000L, 2 * Millisecond);
        double stalls = Pick(random, 0, 0.0002, 0.002);
        long stall = Pick(random, 2 * step, Second, IdleTimeout.Ticks * 110);
        if (!isSlow || Options.Kind is not (WorldKind.Swarm or WorldKind.Storm or WorldKind.Threads))
        {
            return;
        }

        IsSlow = true;
        TickCost = tick;
        HandlerCost = handler;
        StallsPerMessage = stalls;
        StallTime = stall;
        Liveness += 4 * stall;
    }

    private void DescribeSchedule(StringBuilder text)
    {
        if (Threads is { } threads)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"threads: {Loops} loops, command queue {MaxQueuedCommands}, a pause every {threads.CallsBetweenPauses} calls, runs of "
                    + $"{threads.LongestRun} ns, ");
            text.Append(CultureInfo.InvariantCulture, $"late wakes {threads.LateWakes}, ticks {TickPrecision}, spin {SpinTime.TotalMicroseconds} us; ");
        }

        if (IsOverload || IsSlow)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"tick {TickCost / 1e6} ms, handler {HandlerCost / 1e6} ms, stalls {StallsPerMessage:0.####} of {StallTime / Millisecond} ms; ");
        }
    }
}
