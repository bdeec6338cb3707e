using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>The limits of a link. Times are nanoseconds.</summary>
internal sealed record LinkOptions
{
    /// <summary>Bytes that netcode adds to a packet.</summary>
    public const int PacketOverhead = NetcodePacket.MaxOverheadBytes;

    /// <summary>Longest packet on a path of which nothing is known: datagrams of 1,200 bytes, which every path carries.</summary>
    public int MaxPayloadBytes { get; init; } = 1_200 - PacketOverhead;

    /// <summary>Longest packet that the link looks for; no more than <see cref="MaxPayloadBytes"/> to look for none.</summary>
    public int LongestPayloadBytes { get; init; }

    /// <summary>Longest body.</summary>
    public int MaxBodyBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of received segments that wait for earlier ones, or for the application.</summary>
    public int MaxHeldBytes { get; init; } = 512 << 10;

    /// <summary>Longest time for which an acknowledgement waits for data to go with it.</summary>
    public long MaxAckDelay { get; init; } = 25_000_000;
}
