using NetLoop.Diagnostics;

namespace NetLoop.Time;

/// <summary>The time of the loop: nanoseconds since the clock was made, read once an iteration so that everything in it happens at one moment.</summary>
/// <remarks>Thread: loop. Monotonic: it never goes back, and the wall clock has no influence.</remarks>
internal sealed class LoopClock
{
    public const long NanosecondsPerSecond = 1_000_000_000;

    private readonly TimeProvider _provider;
    private readonly long _frequency;
    private readonly long _start;

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

    /// <summary>Reads the time and keeps it as <see cref="Now"/>.</summary>
    public long Refresh() => Now = ReadPrecise();

    /// <summary>Reads the time without touching <see cref="Now"/>: to measure what happens inside an iteration.</summary>
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
