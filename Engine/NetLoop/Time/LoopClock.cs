using NetLoop.Diagnostics;

namespace NetLoop.Time;

/// <summary>
/// The time of the loop in nanoseconds since the clock was created. It is read once in an iteration, so that everything in the iteration has the same time.
/// </summary>
/// <remarks>Thread: loop. Monotonic: it never goes back, and the wall clock does not affect it.</remarks>
internal sealed class LoopClock
{
    public const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Maximum number of nanoseconds between two polls of the sockets that count against peers.</summary>
    public const long LongestGap = NanosecondsPerSecond;

    private const long NeverLooked = -1;

    private readonly TimeProvider _provider;
    private readonly long _frequency;
    private readonly long _start;
    private long _lookedAt = NeverLooked;

    /// <param name="provider">The source of timestamps; a simulation has its own.</param>
    public LoopClock(TimeProvider provider)
    {
        _provider = provider;
        _frequency = provider.TimestampFrequency;

        // The largest frequency for which the remainder below cannot overflow.
        Invariant.Holds(_frequency > 0);
        Invariant.Holds(_frequency <= long.MaxValue / NanosecondsPerSecond);
        _start = provider.GetTimestamp();
    }

    /// <summary>The time of the last <see cref="Refresh"/>.</summary>
    public long Now { get; private set; }

    /// <summary>Nanoseconds for which the loop has been stalled so far.</summary>
    public long StalledTime { get; private set; }

    /// <summary>
    /// The time of all deadlines and timers: <see cref="Now"/> without the loop's stalls. While a process is suspended or a handler does not return, nobody
    /// reads the input of peers, and they are not to blame. It advances by at most <see cref="LongestGap"/> between two polls.
    /// </summary>
    public long PeerTime => (_lookedAt == NeverLooked ? Now : Math.Min(Now, _lookedAt + LongestGap)) - StalledTime;

    /// <summary>
    /// The time of the next required poll of the sockets, in nanoseconds of <see cref="Now"/>. It moves in steps of half a gap, so that most waits share one
    /// deadline.
    /// </summary>
    public long LookBy { get; private set; }

    /// <summary>Converts a peer time to nanoseconds of <see cref="Now"/>, assuming that the loop is not stalled until then.</summary>
    /// <param name="peerTime"><see cref="long.MaxValue"/> for never.</param>
    public long FromPeerTime(long peerTime) => peerTime == long.MaxValue ? long.MaxValue : peerTime + StalledTime;

    /// <summary>Reads the time and keeps it as <see cref="Now"/>.</summary>
    public long Refresh() => Now = ReadPrecise();

    /// <summary>
    /// Records that the loop has polled its sockets. A loop with peers does so at least once in <see cref="LongestGap"/>, whatever else it waits for. After a
    /// longer gap, it was stalled: the process was suspended, the machine was moved, or a handler did not return.
    /// </summary>
    /// <param name="hadPeers">Whether a peer could have sent something since the last poll; without peers a wait may take any time.</param>
    public void Looked(bool hadPeers)
    {
        if (hadPeers && _lookedAt != NeverLooked)
        {
            StalledTime += Math.Max(0, Now - _lookedAt - LongestGap);
        }

        _lookedAt = Now;
        if (LookBy - Now < LongestGap / 2)
        {
            LookBy = Now + LongestGap;
        }
    }

    /// <summary>Reads the time without changing <see cref="Now"/>, to measure time inside an iteration.</summary>
    public long ReadPrecise()
    {
        // The difference is correct even if the raw timestamp wraps around.
        long ticks = unchecked(_provider.GetTimestamp() - _start);
        return Math.Max(Now, ToNanoseconds(ticks));
    }

    private long ToNanoseconds(long ticks)
    {
        if (_frequency == NanosecondsPerSecond)
        {
            return ticks;
        }

        // ticks * 1e9 would overflow after 15 minutes at 10 MHz; with separate whole seconds and remainder it lasts for 292 years.
        (long seconds, long rest) = Math.DivRem(ticks, _frequency);
        return (seconds * NanosecondsPerSecond) + (rest * NanosecondsPerSecond / _frequency);
    }
}
