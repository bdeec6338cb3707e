using Microsoft.Extensions.Logging;
using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Hosting.Loop;
using NetLoop.Sessions;
using NetLoop.Stack;
using NetLoop.Stack.Portable;
using NetLoop.Transports;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>How a loop runs. Each option has a safe default.</summary>
public class EventLoopOptions
{
    private const long MinBufferBytes = 1024 * 1024;
    private static readonly TimeSpan MinStallWarning = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxStallWarning = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxSpinTime = TimeSpan.FromMilliseconds(10);
    private long? _maxBufferBytes;

    /// <summary>Ticks a second: 1 to 1,000, or 0 for a loop without ticks.</summary>
    public int TickRate { get; set; }

    /// <summary>Ticks run one after the other, at most, when the loop is late; those beyond are skipped and counted.</summary>
    public int MaxCatchUpTicks { get; set; } = 3;

    /// <summary>
    /// The share of the loop's time that is kept for receiving, handling and answering while ticks, timers or broadcasts take more than the rest: 0.01 to 0.9.
    /// A tick that takes longer than its step then makes ticks rarer, and does not keep players from being heard, newcomers from being accepted or anybody
    /// from leaving. Without effect while each step has as much time left.
    /// </summary>
    public double MinInputShare { get; set; } = 0.25;

    /// <summary>Whether ticks begin to the microsecond, at the cost of up to 3% of a core, or as late as the system wakes a sleeping thread.</summary>
    public TickPrecision TickPrecision { get; set; } = TickPrecision.WhileConnected;

    /// <summary>
    /// How long the loop looks for more, after something came, before it sleeps: zero to 10 ms. Zero, the default, sleeps at once. Some 50 us make the round
    /// trip of a few busy connections two to three times shorter, since waking takes longer than handling. While messages come closer together than
    /// this the loop takes a whole core; when they do not, it learns to leave it, so that a quiet server costs nothing.
    /// </summary>
    public TimeSpan SpinTime { get; set; }

    /// <summary>Where handlers and ticks run.</summary>
    public HandlerMode HandlerMode { get; set; } = HandlerMode.Loop;

    /// <summary>
    /// How long a handler, or anything else that keeps the loop or the handlers' thread, may run before an error names it: 100 ms to a day, or zero for never.
    /// One that blocks on the response to its own request (<c>RequestAsync(...).Result</c>) would otherwise stop everything without a word.
    /// </summary>
    public TimeSpan StallWarning { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Which system call waits for readiness.</summary>
    public PollerKind Poller { get; set; } = PollerKind.Auto;

    /// <summary>The operating system; null takes the platform's own. A simulation gives another.</summary>
    public INetworkStack? Stack { get; set; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where randomness comes from.</summary>
    public IEntropySource Entropy { get; set; } = new SystemEntropy();

    /// <summary>Where log lines go; null for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Decoded messages that may wait for their handlers; at the limit, reading pauses.</summary>
    public int MaxInboxMessages { get; set; } = 1024;

    /// <summary>
    /// Memory of decoded messages that may wait for their handlers, in bytes; at the limit, reading pauses. One message more than fits may
    /// be inside, at most what <see cref="DecodeLimits"/> grant to it.
    /// </summary>
    public int MaxInboxBytes { get; set; } = 1024 * 1024;

    /// <summary>What other threads may have waiting for the loop; a thread that is further ahead waits.</summary>
    public int MaxQueuedCommands { get; set; } = 4096;

    /// <summary>
    /// Bytes of buffers for everything that is received and not handled or sent and not taken: 1 MiB or more. Beyond, or when the runtime has no memory for
    /// them, the connection that holds most is closed. By default a quarter of the memory that the process may have
    /// (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>: the machine's, or three quarters of a container's limit), at most 256 MiB.
    /// </summary>
    public long MaxBufferBytes
    {
        get => _maxBufferBytes ?? DefaultMaxBufferBytes;
        set => _maxBufferBytes = value;
    }

    /// <summary>What <see cref="MaxBufferBytes"/> is when nobody sets it. It depends on the machine, which a simulation must not.</summary>
    internal long DefaultMaxBufferBytes { get; set; } = BufferPoolOptions.DefaultMaxBytes;

    /// <summary>Poisons returned buffers and remembers who holds which: for tests, at some cost.</summary>
    public bool BufferDiagnostics { get; set; }

    /// <summary>Bytes that the buffers grow by, for blocks that are smaller. A simulation has thousands of loops with one connection each.</summary>
    internal int SlabBytes { get; set; } = BufferPoolOptions.DefaultSlabBytes;

    /// <summary>Where the memory of buffers comes from; null for the runtime. A simulation counts it and lets allocations fail.</summary>
    internal ISlabSource? Slabs { get; set; }

    /// <summary>Runs what belongs on no thread of the loop's: offloaded handlers. A simulation runs it itself.</summary>
    internal Action<IThreadPoolWorkItem> Workers { get; set; } = static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <summary>Looks host names up. A simulation has names of its own.</summary>
    internal INameResolver Names { get; set; } = SystemNameResolver.Instance;

    /// <summary>Runs the loop instead of a thread of its own; null for the thread.</summary>
    internal ILoopRunner? Runner { get; set; }

    /// <summary>How its threads begin and wait for each other. A simulation plays their part.</summary>
    internal IThreads Threads { get; set; } = SystemThreads.Instance;

    /// <summary>Whether time goes on while the loop only looks at it; null when that of the system does, and no other.</summary>
    internal bool? TimePasses { get; set; }

    /// <summary>What the process does with its time, for the reasons of late ticks; null reads the system's where time is the system's.</summary>
    internal Func<ProcessTimes>? ProcessTimes { get; set; }

    /// <summary>Connection objects beyond which quiet ones are parked.</summary>
    internal int MaxActiveConnections { get; set; } = ConnectionSet.DefaultMaxActiveConnections;

    /// <summary>Nanoseconds without anything to do after which a busy connection is quiet.</summary>
    internal long QuietTime { get; set; } = ConnectionSet.DefaultQuietTime;

    /// <summary>Which of its server's loops this is, from 0.</summary>
    internal int LoopIndex { get; private set; }

    /// <summary>The tick that a server's loops have in common.</summary>
    internal GameTick Tick { get; private set; } = new();

    /// <summary>Name of the loop's thread.</summary>
    public string ThreadName { get; set; } = "netloop";

    /// <summary>The options of one of several loops: the first one ticks, and each has an equal share of the memory.</summary>
    internal EventLoopOptions ForLoop(int index, int loops)
    {
        var options = (EventLoopOptions)MemberwiseClone();
        options.LoopIndex = index;
        options.TickRate = index == 0 ? TickRate : 0;
        options.MaxBufferBytes = Math.Max(MinBufferBytes, MaxBufferBytes / loops);
        options.ThreadName = index == 0 ? ThreadName : $"{ThreadName} {index}";
        return options;
    }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message says which and what is allowed.</exception>
    internal virtual void Validate()
    {
        Require(TickRate is >= 0 and <= 1000, nameof(TickRate), TickRate, "1 to 1000 ticks a second, or 0 for none");
        Require(MaxCatchUpTicks is >= 1 and <= 100, nameof(MaxCatchUpTicks), MaxCatchUpTicks, "1 to 100");
        Require(MinInputShare is >= 0.01 and <= 0.9, nameof(MinInputShare), MinInputShare, "0.01 to 0.9");
        Require(Enum.IsDefined(TickPrecision), nameof(TickPrecision), TickPrecision, string.Join(", ", Enum.GetNames<TickPrecision>()));
        Require(SpinTime >= TimeSpan.Zero && SpinTime <= MaxSpinTime, nameof(SpinTime), SpinTime, "0 to 10 ms");
        Require(
            StallWarning == TimeSpan.Zero || (StallWarning >= MinStallWarning && StallWarning <= MaxStallWarning),
            nameof(StallWarning),
            StallWarning,
            "100 ms to 1 day, or 0 for never");
        Require(MaxInboxMessages is >= 1 and <= 1_000_000, nameof(MaxInboxMessages), MaxInboxMessages, "1 to 1000000");
        Require(MaxInboxBytes >= 1, nameof(MaxInboxBytes), MaxInboxBytes, "at least 1 byte");
        Require(MaxQueuedCommands is >= 1 and <= 1_000_000, nameof(MaxQueuedCommands), MaxQueuedCommands, "1 to 1000000");
        Require(MaxBufferBytes >= MinBufferBytes, nameof(MaxBufferBytes), MaxBufferBytes, "at least 1048576 bytes");
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Entropy);
    }
}
