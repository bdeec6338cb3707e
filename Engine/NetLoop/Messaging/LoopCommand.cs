using NetLoop.Buffers;

namespace NetLoop.Messaging;

/// <summary>One thing that another thread asks a loop to do.</summary>
/// <param name="Target">The object that executes it on the loop.</param>
/// <param name="Kind">What it is: one of the target's own kinds.</param>
/// <param name="State">What it concerns, if anything; the kind says of which type it is.</param>
internal readonly record struct LoopCommand(ICommandTarget Target, int Kind = 0, object? State = null)
{
    /// <summary>Encoded bytes that belong to the command, or an empty lease. The target returns the lease.</summary>
    public Lease OwnedBody { get; init; }

    /// <summary>Bytes of <see cref="OwnedBody"/> in use.</summary>
    public int BodyBytes { get; init; }

    public ReadOnlySpan<byte> Body => OwnedBody.Span[..BodyBytes];
}
