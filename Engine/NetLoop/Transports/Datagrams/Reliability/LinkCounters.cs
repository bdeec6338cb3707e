namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>Counters of a link since it began.</summary>
internal struct LinkCounters
{
    public long PacketsSent;
    public long PacketsReceived;
    public long PacketsLost;
    public long SegmentsSentAgain;
    public long Timeouts;
}
