namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The settings of a comparison.</summary>
/// <param name="Servers">The servers.</param>
/// <param name="Cases">The cells.</param>
/// <param name="Rounds">How often each server is measured in each cell.</param>
/// <param name="WarmUp">How long each load runs before the measurement.</param>
/// <param name="Duration">How long each measurement takes.</param>
/// <param name="Seed">Determines the order of the servers in each round.</param>
internal sealed record ComparisonSettings(
    IReadOnlyList<ServerKind> Servers,
    IReadOnlyList<LoadCase> Cases,
    int Rounds,
    TimeSpan WarmUp,
    TimeSpan Duration,
    int Seed);
