namespace NetLoop.Transports;

/// <summary>Counters of the UDP sockets of a loop since it started.</summary>
/// <remarks>Thread: written by the loop, read by any; a reader sees a recent value, never half of one.</remarks>
internal sealed class DatagramCounters
{
    public long PacketsIn;
    public long PacketsOut;
    public long BytesIn;
    public long BytesOut;
    public long PacketsLost;
    public long SegmentsSentAgain;
    public long PacketsDropped;

    /// <summary>Indexed by <see cref="PacketRejection"/>.</summary>
    public readonly long[] Rejected = new long[(int)PacketRejection.InvalidToken + 1];
}
