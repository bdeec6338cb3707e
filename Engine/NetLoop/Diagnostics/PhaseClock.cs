namespace NetLoop.Diagnostics;

/// <summary>Measures the time of each phase: in total, and after the due time of the next tick, because this time made that tick late.</summary>
/// <remarks>Thread: loop. Times are nanoseconds.</remarks>
internal sealed class PhaseClock
{
    public const int PhaseCount = (int)LoopPhase.Close + 1;

    private readonly long[] _totals = new long[PhaseCount];
    private readonly long[] _overdue = new long[PhaseCount];
    private readonly long[] _longest = new long[PhaseCount];
    private long _mark = -1;
    private long _due = long.MaxValue;

    /// <summary>Time spent in each phase since the loop started.</summary>
    public ReadOnlySpan<long> Totals => _totals;

    /// <summary>The end of the last phase.</summary>
    public long Mark => _mark;

    /// <summary>The part of the time after the due time that was spent on commands of other threads.</summary>
    public long RequestedWork { get; private set; }

    /// <summary>Starts an iteration. The thread does nothing between two iterations, so the time in between was taken by the system.</summary>
    public void Begin(long now)
    {
        if (_mark >= 0)
        {
            End(LoopPhase.Wait, now);
        }

        _mark = now;
    }

    /// <summary>Ends a phase, which started where the previous one ended.</summary>
    public void End(LoopPhase phase, long now)
    {
        long elapsed = now - _mark;
        _totals[(int)phase] += elapsed;
        if (now > _due)
        {
            _overdue[(int)phase] += now - Math.Max(_mark, _due);
            _longest[(int)phase] = Math.Max(_longest[(int)phase], elapsed);
        }

        _mark = now;
    }

    /// <summary>Ends the part of the current phase that ran commands of other threads.</summary>
    public void EndRequestedWork(long now)
    {
        if (now > _due)
        {
            RequestedWork += now - Math.Max(_mark, _due);
        }
    }

    /// <summary>The phase with most of the time after the due time. Wait if the tick was on time.</summary>
    /// <param name="overdue">The time that the phase took after the due time.</param>
    /// <param name="longest">The longest time that the phase took in one iteration, including the time before the tick was due.</param>
    public LoopPhase FindCulprit(out long overdue, out long longest)
    {
        var culprit = LoopPhase.Wait;
        for (int phase = 0; phase < PhaseCount; phase++)
        {
            if (_overdue[phase] > _overdue[(int)culprit])
            {
                culprit = (LoopPhase)phase;
            }
        }

        overdue = _overdue[(int)culprit];
        longest = _longest[(int)culprit];
        return culprit;
    }

    /// <summary>Forgets the causes of earlier late ticks, and starts to measure for the next one.</summary>
    /// <param name="due">The due time of the next tick.</param>
    public void Watch(long due)
    {
        _due = due;
        RequestedWork = 0;
        Array.Clear(_overdue);
        Array.Clear(_longest);
    }
}
