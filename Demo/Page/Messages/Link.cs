namespace NetLoop.Demo.Page;

/// <summary>The network of one bot on UDP, as the server sees it.</summary>
/// <param name="Id">The id of its entity.</param>
/// <param name="RoundTripMilliseconds">The smoothed round trip of packets.</param>
/// <param name="PacketsSent">Packets that the server sent to it.</param>
/// <param name="PacketsLost">Those of them that were lost.</param>
/// <param name="Retransmissions">Segments that the server sent again.</param>
[NetContract]
internal readonly partial record struct Link(
    [property: Key(0)] uint Id,
    [property: Key(1)] float RoundTripMilliseconds,
    [property: Key(2)] long PacketsSent,
    [property: Key(3)] long PacketsLost,
    [property: Key(4)] long Retransmissions);
