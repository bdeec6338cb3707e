namespace NetLoop.Demo.Display;

/// <summary>Percentiles of durations, in milliseconds.</summary>
/// <param name="Count">Number of measurements.</param>
/// <param name="P50Milliseconds">Half of the durations are not longer.</param>
/// <param name="P99Milliseconds">99 of 100 durations are not longer.</param>
/// <param name="P999Milliseconds">999 of 1,000 durations are not longer.</param>
/// <param name="MaxMilliseconds">The longest duration.</param>
internal sealed record LatencySummary(
    long Count,
    double P50Milliseconds,
    double P99Milliseconds,
    double P999Milliseconds,
    double MaxMilliseconds)
{
    /// <summary>Creates the summary of a histogram.</summary>
    public static LatencySummary From(LatencyHistogram histogram) => new(
        histogram.Count,
        Milliseconds(histogram.Percentile(50)),
        Milliseconds(histogram.Percentile(99)),
        Milliseconds(histogram.Percentile(99.9)),
        Milliseconds(histogram.Max));

    /// <summary>For people: p50 0.21 ms, p99 0.80 ms, p99.9 1.20 ms, max 3.11 ms.</summary>
    public override string ToString() => Count == 0
        ? "nothing measured"
        : $"p50 {Text(P50Milliseconds)}, p99 {Text(P99Milliseconds)}, p99.9 {Text(P999Milliseconds)}, max {Text(MaxMilliseconds)}";

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);

    private static string Text(double milliseconds) => Format.Time(TimeSpan.FromMilliseconds(milliseconds));
}
