namespace NetLoop;

/// <summary>Statistics of a session's datagrams since it connected, as this side sees them: see <see cref="Session.GetLinkStatistics"/>.</summary>
/// <param name="PacketsSent">Packets sent, including those with acknowledgements only.</param>
/// <param name="PacketsReceived">Authentic packets received.</param>
/// <param name="PacketsLost">
/// Packets that this side sent and declared lost, because the other side acknowledged later ones or nothing. A few of them may only have been late.
/// </param>
/// <param name="Retransmissions">Segments of reliable messages sent again. A segment holds a message, several, or part of one.</param>
/// <param name="RoundTrip">Smoothed round-trip time (RFC 9002), from sending a packet to its acknowledgement; zero before the first measurement.</param>
/// <param name="RoundTripVariation">Mean deviation of the round-trip time; zero before the first measurement.</param>
/// <param name="BytesInFlight">Bytes sent and neither acknowledged nor lost.</param>
/// <param name="WindowBytes">Bytes that congestion control allows in flight.</param>
public readonly record struct LinkStatistics(
    long PacketsSent,
    long PacketsReceived,
    long PacketsLost,
    long Retransmissions,
    TimeSpan RoundTrip,
    TimeSpan RoundTripVariation,
    long BytesInFlight,
    long WindowBytes);
