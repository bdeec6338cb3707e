namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>One server in one cell, over all rounds.</summary>
/// <param name="Case">The cell's name.</param>
/// <param name="Title">The cell in words.</param>
/// <param name="Server">The server's name.</param>
/// <param name="MessagesPerSecond">Messages a second.</param>
/// <param name="MessagesRatio">The same as ratios to the reference in the same round; null for a cell without it.</param>
/// <param name="CpuMicroseconds">Server's processor time for each message.</param>
/// <param name="CpuRatio">The same as ratios to the reference in the same round; null for a cell without it.</param>
/// <param name="ServerCores">Server's processor time for each second.</param>
/// <param name="P50">Microseconds of a round trip.</param>
/// <param name="P50Ratio">The same as ratios to the reference in the same round; null for a cell without it.</param>
/// <param name="P99">Microseconds of a round trip.</param>
/// <param name="P999">Microseconds of a round trip.</param>
internal sealed record CaseResult(
    string Case,
    string Title,
    string Server,
    Spread MessagesPerSecond,
    Spread? MessagesRatio,
    Spread CpuMicroseconds,
    Spread? CpuRatio,
    double ServerCores,
    double P50,
    Spread? P50Ratio,
    double P99,
    double P999)
{
    /// <summary>Condenses the rounds of one server.</summary>
    /// <param name="load">The cell.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="rounds">One sample a round.</param>
    /// <param name="reference">The reference's samples of the same rounds; null when it was not measured.</param>
    public static CaseResult From(LoadCase load, string server, IReadOnlyList<LoadSample> rounds, IReadOnlyList<LoadSample>? reference)
    {
        Spread? Ratio(Func<LoadSample, double> figure) =>
            reference is null ? null : Spread.Of(rounds.Zip(reference, (own, other) => figure(own) / figure(other)));
        double Median(Func<LoadSample, double> figure) => Spread.Of(rounds.Select(figure)).Median;
        return new CaseResult(
            load.Name,
            load.Title,
            server,
            Spread.Of(rounds.Select(sample => sample.MessagesPerSecond)),
            Ratio(sample => sample.MessagesPerSecond),
            Spread.Of(rounds.Select(sample => sample.CpuMicroseconds)),
            Ratio(sample => sample.CpuMicroseconds),
            Median(sample => sample.ServerCores),
            Median(sample => sample.P50),
            Ratio(sample => sample.P50),
            Median(sample => sample.P99),
            Median(sample => sample.P999));
    }
}
