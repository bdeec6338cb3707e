namespace NetLoop.Demo.Display;

/// <summary>Computes from a loop's running times how busy it was recently.</summary>
internal sealed class BusyCounter
{
    private TimeSpan _lastTotal;
    private TimeSpan _lastWaiting;

    /// <summary>Returns the share of the time since the last call in which the loop worked instead of waiting: 0 to 1.</summary>
    public double Next(LoopStatistics statistics)
    {
        var total = TimeSpan.FromTicks(statistics.PhaseTimes.Values.Sum(time => time.Ticks));
        TimeSpan waiting = statistics.PhaseTimes[LoopPhase.Wait];
        double busy = total > _lastTotal ? 1 - ((waiting - _lastWaiting) / (total - _lastTotal)) : 0;
        (_lastTotal, _lastWaiting) = (total, waiting);
        return busy;
    }
}
