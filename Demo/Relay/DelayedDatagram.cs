using NetLoop.Buffers;

namespace NetLoop.Demo.Relay;

/// <summary>A datagram on its way through the relay.</summary>
/// <param name="Memory">Its bytes, in memory of the loop's pool.</param>
/// <param name="Length">Their number.</param>
/// <param name="Client">The client that it comes from or goes to.</param>
/// <param name="IsToServer">Whether it goes to the server.</param>
internal readonly record struct DelayedDatagram(Lease Memory, int Length, RelayClient Client, bool IsToServer);
