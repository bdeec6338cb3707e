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

/// <summary>Options of a loop. Each has a safe default.</summary>
public class EventLoopOptions
{
    private const long MinBufferBytes = 1024 * 1024;
    private static readonly TimeSpan MinStallWarning = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxStallWarning = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxSpinTime = TimeSpan.FromMilliseconds(10);
    private long? _maxBufferBytes;

    /// <summary>Ticks a second: 1 to 1,000, or 0 for a loop without ticks.</summary>
    public int TickRate { get; set; }

    /// <summary>Maximum number of ticks that a late loop runs in a row to catch up: 1 to 100. The rest are skipped and counted.</summary>
    public int MaxCatchUpTicks { get; set; } = 3;

    /// <summary>
    /// Minimum share of the loop's time for receiving, handling and replying while ticks, timers or broadcasts take more than the rest: 0.01 to 0.9. When a
    /// tick takes longer than its step, ticks then run less often, but input is still handled, and clients can still connect and leave. Has no effect while
    /// each step leaves that much time.
    /// </summary>
    public double MinInputShare { get; set; } = 0.25;

    /// <summary>Whether ticks begin on time to the microsecond, for up to 3% of a core, or when the system wakes the sleeping thread.</summary>
    public TickPrecision TickPrecision { get; set; } = TickPrecision.WhileConnected;

    /// <summary>
    /// How long the loop keeps polling after an event before it sleeps: zero to 10 ms. With zero, the default, it sleeps at once. About 50 us make the round
    /// trip of a few busy connections two to three times shorter, because waking a thread takes longer than handling a message. While messages arrive at
    /// shorter intervals than this, the loop uses a whole core. When they do not, the loop stops spinning, so a quiet server costs nothing.
    /// </summary>
    public TimeSpan SpinTime { get; set; }

    /// <summary>Where handlers and ticks run.</summary>
    public HandlerMode HandlerMode { get; set; } = HandlerMode.Loop;

    /// <summary>
    /// How long a handler, or any other code on the loop or the handlers' thread, may run before an error is logged: 100 ms to a day, or zero for never.
    /// Without this, a handler that blocks on the response to its own request (<c>RequestAsync(...).Result</c>) would silently stop everything.
    /// </summary>
    public TimeSpan StallWarning { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The system call that waits for readiness.</summary>
    public PollerKind Poller { get; set; } = PollerKind.Auto;

    /// <summary>The network stack; null for the operating system's. A simulation sets its own.</summary>
    public INetworkStack? Stack { get; set; }

    /// <summary>The source of time.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The source of randomness: the operating system's cryptographic generator. Only a simulation sets another one.</summary>
    public IEntropySource Entropy { get; set; } = new SystemEntropy();

    /// <summary>
    /// Creates the loggers. Null, the default, writes warnings and errors to standard error;
    /// <see cref="Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory"/> logs nothing. Categories: <c>NetLoop.Server</c> for listeners, rejected
    /// connections and stops, <c>NetLoop.Sessions</c> for sessions that open and close (debug), <c>NetLoop.Handlers</c> for exceptions of handlers and ticks,
    /// <c>NetLoop.Loop</c> for late ticks and stalls.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Maximum number of decoded messages that wait for their handlers; at the limit, reading pauses.</summary>
    public int MaxInboxMessages { get; set; } = 1024;

    /// <summary>
    /// Maximum memory of decoded messages that wait for their handlers, in bytes; at the limit, reading pauses. One message may exceed the limit, by at
    /// most the memory that <see cref="DecodeLimits"/> allows it.
    /// </summary>
    public int MaxInboxBytes { get; set; } = 1024 * 1024;

    /// <summary>Maximum number of queued sends and other commands from other threads; while the queue is full, those threads wait.</summary>
    public int MaxQueuedCommands { get; set; } = 4096;

    /// <summary>
    /// Maximum memory of buffers, for input that is not handled yet and output that peers have not read yet: 1 MiB or more. Beyond that, or when the runtime
    /// cannot allocate a buffer, the connection that holds the most memory is closed. By default a quarter of the memory that the process may use
    /// (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>: the machine's, or three quarters of a container's limit), at most 256 MiB.
    /// </summary>
    public long MaxBufferBytes
    {
        get => _maxBufferBytes ?? DefaultMaxBufferBytes;
        set => _maxBufferBytes = value;
    }

    /// <summary>The default of <see cref="MaxBufferBytes"/>. It depends on the machine, so a simulation sets its own.</summary>
    internal long DefaultMaxBufferBytes { get; set; } = BufferPoolOptions.DefaultMaxBytes;

    /// <summary>Poisons returned buffers and tracks the owner of each, for tests; slower.</summary>
    public bool BufferDiagnostics { get; set; }

    /// <summary>Bytes by which the pool grows for smaller blocks. A simulation has thousands of loops with one connection each, and sets less.</summary>
    internal int SlabBytes { get; set; } = BufferPoolOptions.DefaultSlabBytes;

    /// <summary>The source of buffer memory; null for the runtime. A simulation counts allocations and makes some fail.</summary>
    internal ISlabSource? Slabs { get; set; }

    /// <summary>Runs work outside the loop's threads, such as offloaded handlers. A simulation runs it itself.</summary>
    internal Action<IThreadPoolWorkItem> Workers { get; set; } = static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <summary>Resolves host names. A simulation has its own names.</summary>
    internal INameResolver Names { get; set; } = SystemNameResolver.Instance;

    /// <summary>Runs the loop's iterations; null for the loop's own thread.</summary>
    internal ILoopRunner? Runner { get; set; }

    /// <summary>Starts the loop's threads and lets them wait for each other. A simulation replaces them.</summary>
    internal IThreads Threads { get; set; } = SystemThreads.Instance;

    /// <summary>Whether time advances while the loop polls. Null: true for the system's time only.</summary>
    internal bool? TimePasses { get; set; }

    /// <summary>Measures the process's processor time and collections, to explain late ticks. Null measures them if the time is the system's.</summary>
    internal Func<ProcessTimes>? ProcessTimes { get; set; }

    /// <summary>Number of connection objects above which quiet connections are parked.</summary>
    internal int MaxActiveConnections { get; set; } = ConnectionSet.DefaultMaxActiveConnections;

    /// <summary>Nanoseconds without work after which a busy connection counts as quiet.</summary>
    internal long QuietTime { get; set; } = ConnectionSet.DefaultQuietTime;

    /// <summary>Index of this loop among the loops of its server, from 0.</summary>
    internal int LoopIndex { get; private set; }

    /// <summary>The tick that all loops of a server share.</summary>
    internal GameTick Tick { get; private set; } = new();

    /// <summary>Name of the loop's thread.</summary>
    public string ThreadName { get; set; } = "netloop";

    /// <summary>Returns the options of one of several loops: the first one runs the ticks, and each has an equal share of the memory.</summary>
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
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it and the values that are allowed.</exception>
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
