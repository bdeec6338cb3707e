namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>One cell of the comparison.</summary>
/// <param name="Connections">Number of connections.</param>
/// <param name="InFlight">Messages in flight on each connection.</param>
/// <param name="FrameBytes">35 for a PlayerMove; more for a Blob.</param>
/// <param name="Rate">Messages a second on all connections together; 0 for the closed loop.</param>
internal sealed record LoadCase(int Connections, int InFlight, int FrameBytes, int Rate = 0)
{
    /// <summary>Size of a PlayerMove with its frame.</summary>
    public const int MoveBytes = 35;

    private static readonly int[] ConnectionCounts = [1, 100, 1_000, 8_000];
    private static readonly int[] InFlightCounts = [1, 16];
    private static readonly int[] Sizes = [MoveBytes, 1_024];

    /// <summary>The name in options: 100x16-move, 8000x1-blob, open.</summary>
    public string Name => Rate > 0 ? "open" : $"{Connections}x{InFlight}-{(FrameBytes == MoveBytes ? "move" : "blob")}";

    /// <summary>The name in tables.</summary>
    public string Title => Rate > 0
        ? $"open loop, {Rate:N0} messages/s over {Connections:N0} connections"
        : $"{Connections:N0} {(Connections == 1 ? "connection" : "connections")}, {InFlight} in flight, "
            + $"{(FrameBytes == MoveBytes ? "PlayerMove" : "1 KiB Blob")}";

    /// <summary>All cells.</summary>
    public static IReadOnlyList<LoadCase> All { get; } =
    [
        .. from size in Sizes
           from inFlight in InFlightCounts
           from connections in ConnectionCounts
           select new LoadCase(connections, inFlight, size),
        new LoadCase(8_000, 1, MoveBytes, Rate: 60_000),
    ];

    /// <summary>Whether a server is measured in this cell: variants of a server only where they make a difference.</summary>
    public bool Includes(string server) => server switch
    {
        ServerKind.Spin or ServerKind.CSpin => Connections == 1 && InFlight == 1,
        ServerKind.Dedicated => FrameBytes == MoveBytes && Connections > 1,
        _ => true,
    };
}
