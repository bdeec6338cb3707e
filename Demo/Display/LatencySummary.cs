namespace NetLoop.Demo.Display;

/// <summary>How long things took, in milliseconds.</summary>
/// <param name="Count">How many were measured.</param>
/// <param name="P50Milliseconds">Half of them took no longer.</param>
/// <param name="P99Milliseconds">99 of 100 took no longer.</param>
/// <param name="P999Milliseconds">999 of 1,000 took no longer.</param>
/// <param name="MaxMilliseconds">None took longer.</param>
internal sealed record LatencySummary(
    long Count,
    double P50Milliseconds,
    double P99Milliseconds,
    double P999Milliseconds,
    double MaxMilliseconds)
{
    /// <summary>Reads a histogram.</summary>
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
