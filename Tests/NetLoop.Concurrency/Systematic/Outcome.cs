namespace NetLoop.Concurrency;

/// <summary>The result of running schedules.</summary>
/// <param name="Schedules">Number of schedules that ran, a failed one included.</param>
/// <param name="Time">Time that they took.</param>
/// <param name="Failure">The failure; null for none.</param>
/// <param name="Trace">The schedule that failed, to be repeated.</param>
internal sealed record Outcome(int Schedules, TimeSpan Time, string? Failure, string? Trace)
{
    public override string ToString() => $"{Schedules} schedules in {Time.TotalSeconds:F1} s";
}
