namespace NetLoop.Demo.Relay;

/// <summary>What a bad network does to the datagrams that travel in one direction.</summary>
internal sealed record NetworkConditions
{
    /// <summary>A perfect network.</summary>
    public static readonly NetworkConditions Perfect = new();

    /// <summary>The share of datagrams that are lost: 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>Mean number of datagrams that are lost one after the other; 1 loses each by itself.</summary>
    public double LossBurst { get; init; } = 1;

    /// <summary>The share of datagrams that arrive twice: 0 to 1.</summary>
    public double Duplication { get; init; }

    /// <summary>The share of datagrams that are held back by <see cref="ReorderDelay"/>, so that later ones overtake them: 0 to 1.</summary>
    public double Reordering { get; init; }

    /// <summary>The delay of each datagram.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Maximum difference of a delay from <see cref="Latency"/>, in both directions; a delay is never negative.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bytes a second that the link of one client carries, with the headers of UDP and IP; 0 for no limit.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>With a limit: bytes that wait for their turn; more are dropped.</summary>
    public int QueueBytes { get; init; } = 64 << 10;

    /// <summary>Time for which a datagram is held back.</summary>
    public static TimeSpan ReorderDelay { get; } = TimeSpan.FromMilliseconds(20);
}
