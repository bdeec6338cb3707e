using NetLoop.Diagnostics;

namespace NetLoop.Time;

/// <summary>The time of the loop: nanoseconds since the clock was made, read once an iteration so that everything in it happens at one moment.</summary>
/// <remarks>Thread: loop. Monotonic: it never goes back, and the wall clock has no influence.</remarks>
internal sealed class LoopClock
{
    public const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Nanoseconds between two looks at the sockets that count against peers at most.</summary>
    public const long LongestGap = NanosecondsPerSecond;

    private const long NeverLooked = -1;

    private readonly TimeProvider _provider;
    private readonly long _frequency;
    private readonly long _start;
    private long _lookedAt = NeverLooked;

    /// <param name="provider">Gives the timestamps; a simulation gives its own.</param>
    public LoopClock(TimeProvider provider)
    {
        _provider = provider;
        _frequency = provider.TimestampFrequency;

        // The largest frequency for which the remainder below cannot overflow.
        Invariant.Holds(_frequency > 0);
        Invariant.Holds(_frequency <= long.MaxValue / NanosecondsPerSecond);
        _start = provider.GetTimestamp();
    }

    /// <summary>Now, as of the last <see cref="Refresh"/>.</summary>
    public long Now { get; private set; }

    /// <summary>Nanoseconds for which the loop has stood still so far.</summary>
    public long StalledTime { get; private set; }

    /// <summary>
    /// The time that deadlines of peers count, and with them all timers: <see cref="Now"/> without the loop's stalls. While a process is suspended
    /// or a handler does not return, nobody reads what peers send, and none of them is to blame. Between two looks at most <see cref="LongestGap"/> passes.
    /// </summary>
    public long PeerTime => (_lookedAt == NeverLooked ? Now : Math.Min(Now, _lookedAt + LongestGap)) - StalledTime;

    /// <summary>
    /// When the loop has to look at its sockets again, in nanoseconds of <see cref="Now"/>. It moves in steps of half a gap, so that most
    /// waits share one deadline.
    /// </summary>
    public long LookBy { get; private set; }

    /// <summary>Converts a peer time to nanoseconds of <see cref="Now"/>, provided that the loop is not stalled until then.</summary>
    /// <param name="peerTime"><see cref="long.MaxValue"/> for never.</param>
    public long FromPeerTime(long peerTime) => peerTime == long.MaxValue ? long.MaxValue : peerTime + StalledTime;

    /// <summary>Reads the time and keeps it as <see cref="Now"/>.</summary>
    public long Refresh() => Now = ReadPrecise();

    /// <summary>
    /// The loop has just looked at its sockets. One with peers does so at least once in <see cref="LongestGap"/>, whatever else it waits for, so after a longer
    /// gap it could not: the process was suspended, the machine was moved, a handler did not return.
    /// </summary>
    /// <param name="hadPeers">Whether anybody could have sent something since the last look; without peers a wait is as long as it likes.</param>
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

    /// <summary>Reads the time without touching <see cref="Now"/>: to measure time inside an iteration.</summary>
    public long ReadPrecise()
    {
        // The difference is right even when the raw timestamp wraps around.
        long ticks = unchecked(_provider.GetTimestamp() - _start);
        return Math.Max(Now, ToNanoseconds(ticks));
    }

    private long ToNanoseconds(long ticks)
    {
        if (_frequency == NanosecondsPerSecond)
        {
            return ticks;
        }

        // ticks * 1e9 would overflow after 15 minutes at 10 MHz; whole seconds and the rest apart last for 292 years.
        (long seconds, long rest) = Math.DivRem(ticks, _frequency);
        return (seconds * NanosecondsPerSecond) + (rest * NanosecondsPerSecond / _frequency);
    }
}
