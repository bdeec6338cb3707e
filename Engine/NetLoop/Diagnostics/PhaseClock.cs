namespace NetLoop.Diagnostics;

/// <summary>How long each phase took: in total, and since the last tick that was on time.</summary>
/// <remarks>Thread: loop. Times are nanoseconds.</remarks>
internal sealed class PhaseClock
{
    public const int PhaseCount = (int)LoopPhase.Close + 1;

    private readonly long[] _totals = new long[PhaseCount];
    private readonly long[] _recent = new long[PhaseCount];
    private long _mark;

    /// <summary>Time spent in each phase since the loop began.</summary>
    public ReadOnlySpan<long> Totals => _totals;

    /// <summary>When the phase that ended last did so.</summary>
    public long Mark => _mark;

    public void Begin(long now) => _mark = now;

    /// <summary>Ends a phase that began where the one before ended.</summary>
    public void End(LoopPhase phase, long now)
    {
        long elapsed = now - _mark;
        _totals[(int)phase] += elapsed;
        _recent[(int)phase] += elapsed;
        _mark = now;
    }

    /// <summary>The working phase that took longest since the last reset. Waiting is no work.</summary>
    public LoopPhase Longest(out long nanoseconds)
    {
        LoopPhase longest = LoopPhase.Receive;
        for (int phase = 0; phase < PhaseCount; phase++)
        {
            if (phase != (int)LoopPhase.Wait && _recent[phase] > _recent[(int)longest])
            {
                longest = (LoopPhase)phase;
            }
        }

        nanoseconds = _recent[(int)longest];
        return longest;
    }

    public void ResetRecent() => Array.Clear(_recent);
}
