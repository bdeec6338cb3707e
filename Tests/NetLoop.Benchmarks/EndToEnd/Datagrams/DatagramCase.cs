namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary>A load.</summary>
/// <param name="Clients">Number of clients.</param>
/// <param name="InFlight">Messages that each client has under way.</param>
/// <param name="IsReliable">Whether they are reliable and ordered.</param>
internal sealed record DatagramCase(int Clients, int InFlight, bool IsReliable)
{
    /// <summary>The loads that are measured.</summary>
    public static IReadOnlyList<DatagramCase> All { get; } =
    [
        new(100, 32, true), new(100, 32, false), new(100, 1, true), new(1, 1, true),
    ];

    /// <summary>In tables.</summary>
    public string Name => $"{Clients}x{InFlight} {(IsReliable ? "reliable" : "unreliable")}";
}
