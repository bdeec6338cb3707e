namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>The limits of a link. Times are nanoseconds.</summary>
internal sealed record LinkOptions
{
    /// <summary>Longest payload of a packet: 1,200 bytes, which every path carries, without what netcode adds.</summary>
    public int MaxPayloadBytes { get; init; } = 1_175;

    /// <summary>Longest body.</summary>
    public int MaxBodyBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of received segments that wait for earlier ones, or for the application.</summary>
    public int MaxHeldBytes { get; init; } = 512 << 10;

    /// <summary>Longest time for which an acknowledgement waits for data to go with it.</summary>
    public long MaxAckDelay { get; init; } = 25_000_000;
}
