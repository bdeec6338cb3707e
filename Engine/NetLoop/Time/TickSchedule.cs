using NetLoop.Diagnostics;

namespace NetLoop.Time;

/// <summary>Computes the due times of ticks. Tick n is due n/rate seconds after the start, in integer arithmetic, so ticks never drift.</summary>
/// <remarks>Thread: the one that runs the ticks.</remarks>
internal sealed class TickSchedule
{
    public const int MaxTicksPerSecond = 1000;

    private readonly int _ticksPerSecond;
    private readonly long _startNs;
    private readonly int _maxCatchUp;

    /// <param name="ticksPerSecond">1 to 1000.</param>
    /// <param name="startNs">Time of tick 0, which never runs; tick 1 is due one step later.</param>
    /// <param name="maxCatchUp">Maximum number of ticks to run at once after a stall, at least 1.</param>
    public TickSchedule(int ticksPerSecond, long startNs, int maxCatchUp)
    {
        Invariant.Holds(ticksPerSecond is >= 1 and <= MaxTicksPerSecond);
        Invariant.Holds(maxCatchUp >= 1);
        _ticksPerSecond = ticksPerSecond;
        _startNs = startNs;
        _maxCatchUp = maxCatchUp;
        NextDue = DueOf(1);
    }

    /// <summary>Number of the last tick taken or skipped; 0 before the first.</summary>
    public long Tick { get; private set; }

    /// <summary>The due time of the tick after <see cref="Tick"/>, in nanoseconds of the loop clock.</summary>
    public long NextDue { get; private set; }

    /// <summary>Length of one step, rounded down to a nanosecond.</summary>
    public long StepNanoseconds => LoopClock.NanosecondsPerSecond / _ticksPerSecond;

    /// <summary>Takes the due ticks. Beyond the catch-up limit the oldest are skipped, because running all of them may take longer than their steps.</summary>
    /// <param name="nowNs">The time of the loop clock.</param>
    /// <param name="skipped">Number of ticks that will never run; their numbers are skipped.</param>
    /// <param name="latenessNs">How long ago the oldest of these ticks was due; 0 if none was due.</param>
    /// <returns>Number of ticks to run now, the last of which is <see cref="Tick"/>; 0 to the catch-up limit.</returns>
    public int TakeDue(long nowNs, out long skipped, out long latenessNs)
    {
        if (nowNs < NextDue)
        {
            skipped = 0;
            latenessNs = 0;
            return 0;
        }

        latenessNs = nowNs - NextDue;
        long last = LastDueAt(nowNs);
        long due = last - Tick;
        int run = (int)Math.Min(due, _maxCatchUp);
        skipped = due - run;
        Tick = last;
        NextDue = DueOf(last + 1);
        return run;
    }

    // tick * 1e9 would overflow after 106 days at 1000 Hz, so whole seconds and the remainder are computed separately.
    private long DueOf(long tick)
    {
        (long seconds, long rest) = Math.DivRem(tick, _ticksPerSecond);
        return _startNs + (seconds * LoopClock.NanosecondsPerSecond) + (rest * LoopClock.NanosecondsPerSecond / _ticksPerSecond);
    }

    // The largest n with DueOf(n) <= now. DueOf rounds down, so n is due as soon as n * 1e9 / rate < elapsed + 1.
    private long LastDueAt(long nowNs)
    {
        (long seconds, long rest) = Math.DivRem(nowNs - _startNs, LoopClock.NanosecondsPerSecond);
        return (seconds * _ticksPerSecond) + ((((rest + 1) * _ticksPerSecond) - 1) / LoopClock.NanosecondsPerSecond);
    }
}
