namespace NetLoop.Diagnostics;

/// <summary>How long each phase took: in total, and after the time at which the next tick was due, which made that tick late.</summary>
/// <remarks>Thread: loop. Times are nanoseconds.</remarks>
internal sealed class PhaseClock
{
    public const int PhaseCount = (int)LoopPhase.Close + 1;

    private readonly long[] _totals = new long[PhaseCount];
    private readonly long[] _overdue = new long[PhaseCount];
    private readonly long[] _longest = new long[PhaseCount];
    private long _mark = -1;
    private long _due = long.MaxValue;

    /// <summary>Time spent in each phase since the loop began.</summary>
    public ReadOnlySpan<long> Totals => _totals;

    /// <summary>When the phase that ended last did so.</summary>
    public long Mark => _mark;

    /// <summary>How much of the time after the due time was spent on commands of other threads.</summary>
    public long RequestedWork { get; private set; }

    /// <summary>Begins an iteration. The thread did nothing between two of them, so what has passed since the last one is time that the system took.</summary>
    public void Begin(long now)
    {
        if (_mark >= 0)
        {
            End(LoopPhase.Wait, now);
        }

        _mark = now;
    }

    /// <summary>Ends a phase that began where the one before ended.</summary>
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

    /// <summary>The phase in which most of the time after the due time was spent; that of a tick on time is none, and Wait is named.</summary>
    /// <param name="overdue">How much of that time.</param>
    /// <param name="longest">How long the phase took at its longest, including the time before the tick was due.</param>
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

    /// <summary>Discards the causes of earlier late ticks, and starts to measure for the next one.</summary>
    /// <param name="due">When the next tick is due.</param>
    public void Watch(long due)
    {
        _due = due;
        RequestedWork = 0;
        Array.Clear(_overdue);
        Array.Clear(_longest);
    }
}
