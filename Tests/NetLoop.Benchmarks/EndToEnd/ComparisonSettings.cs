namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>What is compared, and how long.</summary>
/// <param name="Servers">Which servers.</param>
/// <param name="Cases">Which cells.</param>
/// <param name="Rounds">How often each server is measured in each cell.</param>
/// <param name="WarmUp">How long each load runs before it is measured.</param>
/// <param name="Duration">How long it is measured.</param>
/// <param name="Seed">Of the order of the servers in each round.</param>
internal sealed record ComparisonSettings(
    IReadOnlyList<ServerKind> Servers,
    IReadOnlyList<LoadCase> Cases,
    int Rounds,
    TimeSpan WarmUp,
    TimeSpan Duration,
    int Seed);
