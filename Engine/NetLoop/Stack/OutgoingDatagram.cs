namespace NetLoop;

/// <summary>One datagram to send.</summary>
/// <param name="Bytes">Its content in pinned memory.</param>
/// <param name="To">The receiver; the default value on a connected socket.</param>
public readonly record struct OutgoingDatagram(SendSegment Bytes, DatagramAddress To);
