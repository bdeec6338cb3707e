namespace NetLoop;

/// <summary>One received datagram: its place in the receive buffer and its sender.</summary>
/// <param name="Start">Index of its first byte in the buffer.</param>
/// <param name="Length">Its length in bytes; may be 0.</param>
/// <param name="IsTruncated">Whether it was longer than its part of the buffer; the rest of it is lost.</param>
/// <param name="From">The address that it claims to come from. Anybody can send with any address.</param>
public readonly record struct IncomingDatagram(int Start, int Length, bool IsTruncated, DatagramAddress From);
