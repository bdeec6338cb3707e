using NetLoop.Buffers;

namespace NetLoop.Messaging;

/// <summary>One wish of another thread.</summary>
/// <param name="Target">Who carries it out on the loop.</param>
/// <param name="Kind">What; a number of the target's own.</param>
/// <param name="OwnedBody">Encoded bytes, or an empty lease; ownership goes with the item.</param>
/// <param name="Length">Bytes of the lease in use, or another number of the target's own.</param>
/// <param name="State">Whatever else the target needs.</param>
internal readonly record struct LoopCommand(ICommandTarget Target, int Kind, Lease OwnedBody, int Length, object? State);
