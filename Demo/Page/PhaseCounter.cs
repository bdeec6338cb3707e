namespace NetLoop.Demo.Page;

/// <summary>Computes from the running times of a loop's phases how it spent its time recently.</summary>
internal sealed class PhaseCounter
{
    private IReadOnlyDictionary<LoopPhase, TimeSpan> _before = new Dictionary<LoopPhase, TimeSpan>();

    /// <summary>Returns the share of each phase in the time since the last call.</summary>
    public PhaseFractions Next(LoopStatistics statistics)
    {
        IReadOnlyDictionary<LoopPhase, TimeSpan> before = _before;
        _before = statistics.PhaseTimes;
        double total = Enum.GetValues<LoopPhase>().Sum(phase => Spent(phase).TotalSeconds);
        return new PhaseFractions(
            Share(LoopPhase.Clock),
            Share(LoopPhase.Wait),
            Share(LoopPhase.Accept),
            Share(LoopPhase.Receive),
            Share(LoopPhase.Handle),
            Share(LoopPhase.Timers),
            Share(LoopPhase.Tick),
            Share(LoopPhase.Flush),
            Share(LoopPhase.Close));

        TimeSpan Spent(LoopPhase phase) => statistics.PhaseTimes[phase] - before.GetValueOrDefault(phase);

        float Share(LoopPhase phase) => total > 0 ? (float)(Spent(phase).TotalSeconds / total) : 0;
    }
}
