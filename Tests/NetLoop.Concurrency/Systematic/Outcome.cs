namespace NetLoop.Concurrency;

/// <summary>What came of running schedules.</summary>
/// <param name="Schedules">How many were run, the failed one included.</param>
/// <param name="Time">How long they took.</param>
/// <param name="Failure">What went wrong; null for nothing.</param>
/// <param name="Trace">The schedule that failed, to be run again.</param>
internal sealed record Outcome(int Schedules, TimeSpan Time, string? Failure, string? Trace)
{
    public override string ToString() => $"{Schedules} schedules in {Time.TotalSeconds:F1} s";
}
