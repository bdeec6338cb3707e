using NetLoop.Transports;

namespace NetLoop;

/// <summary>Counters of the UDP sockets of a loop, or of all loops of a server, since they started. All are 0 without UDP.</summary>
public sealed record DatagramStatistics
{
    /// <summary>Packets received, rejected ones included.</summary>
    public long PacketsIn { get; init; }

    /// <summary>Packets sent.</summary>
    public long PacketsOut { get; init; }

    /// <summary>Bytes of the packets received, without the headers of UDP and IP. Part of <see cref="LoopStatistics.BytesIn"/>.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes of the packets sent, without the headers of UDP and IP. Part of <see cref="LoopStatistics.BytesOut"/>.</summary>
    public long BytesOut { get; init; }

    /// <summary>Packets that this side sent and declared lost. A few of them may only have been late.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Segments of reliable messages that were sent again.</summary>
    public long Retransmissions { get; init; }

    /// <summary>
    /// Packets that the kernel dropped because the receive buffer of their socket was full: the loop is too slow, or the buffer too small. Read once a second.
    /// Always 0 where the system does not count them.
    /// </summary>
    public long PacketsDropped { get; init; }

    /// <summary>Packets that were rejected, by reason; reasons that did not occur are left out.</summary>
    public IReadOnlyDictionary<PacketRejection, long> RejectedByReason { get; init; } = new Dictionary<PacketRejection, long>();

    internal static DatagramStatistics Of(DatagramCounters counters)
    {
        var rejected = new Dictionary<PacketRejection, long>();
        for (int reason = 0; reason < counters.Rejected.Length; reason++)
        {
            if (counters.Rejected[reason] > 0)
            {
                rejected[(PacketRejection)reason] = counters.Rejected[reason];
            }
        }

        return new DatagramStatistics
        {
            PacketsIn = counters.PacketsIn,
            PacketsOut = counters.PacketsOut,
            BytesIn = counters.BytesIn,
            BytesOut = counters.BytesOut,
            PacketsLost = counters.PacketsLost,
            Retransmissions = counters.SegmentsSentAgain,
            PacketsDropped = counters.PacketsDropped,
            RejectedByReason = rejected,
        };
    }

    internal static DatagramStatistics Sum(IReadOnlyList<DatagramStatistics> loops) => new()
    {
        PacketsIn = loops.Sum(loop => loop.PacketsIn),
        PacketsOut = loops.Sum(loop => loop.PacketsOut),
        BytesIn = loops.Sum(loop => loop.BytesIn),
        BytesOut = loops.Sum(loop => loop.BytesOut),
        PacketsLost = loops.Sum(loop => loop.PacketsLost),
        Retransmissions = loops.Sum(loop => loop.Retransmissions),
        PacketsDropped = loops.Sum(loop => loop.PacketsDropped),
        RejectedByReason = loops.SelectMany(loop => loop.RejectedByReason)
            .GroupBy(rejected => rejected.Key, rejected => rejected.Value)
            .ToDictionary(reason => reason.Key, reason => reason.Sum()),
    };
}
