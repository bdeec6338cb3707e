namespace NetLoop;

/// <summary>How a message travels: what happens when the network loses it, and when the peer is behind.</summary>
/// <remarks>
/// Declared on the contract, <c>[NetMessage(80, Delivery = Delivery.Sequenced)]</c>, or given for one send. Datagram transports (UDP) have all four. Streams
/// (TCP, WebSocket, Unix sockets) never lose or reorder anything, so there the choice matters only while the peer reads more slowly than this side sends.
/// </remarks>
public enum Delivery
{
    /// <summary>
    /// Each message arrives exactly once, in the order of the sends on its channel. The default. On datagrams: sent again until it is acknowledged.
    /// </summary>
    ReliableOrdered,

    /// <summary>
    /// Each message arrives exactly once, as soon as it can: a lost message does not hold up later ones. On streams the same as
    /// <see cref="ReliableOrdered"/>.
    /// </summary>
    ReliableUnordered,

    /// <summary>
    /// Only the newest state matters: a message that was lost is not sent again, and one that is older than the last one received on its channel is dropped.
    /// While the peer is behind, a newer message replaces the waiting one with the same type and key.
    /// </summary>
    Sequenced,

    /// <summary>Sent once, at most one arrival, in any order. While the peer is behind, it is dropped.</summary>
    Unreliable,
}
