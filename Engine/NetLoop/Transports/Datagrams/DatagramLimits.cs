using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Transports.Datagrams;

/// <summary>Limits of the datagram connections of a listener or client. Times are nanoseconds.</summary>
internal sealed record DatagramLimits(LinkOptions Link, int MaxSendQueueBytes, int MaxSendQueueBodies, long DialTimeout, long CloseTimeout, long MaxStall)
{
    /// <summary>Whether bodies other than those of the handshake wait until the session is open.</summary>
    public bool AdmitsLater { get; init; }
}
