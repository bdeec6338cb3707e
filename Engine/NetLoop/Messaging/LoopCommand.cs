using NetLoop.Buffers;
using NetLoop.Sending;

namespace NetLoop.Messaging;

/// <summary>A command from another thread to a loop.</summary>
/// <param name="Target">The object that executes it on the loop.</param>
/// <param name="Kind">One of the target's own kinds of commands.</param>
/// <param name="State">The object that the command concerns; its type depends on the kind. Null for none.</param>
internal readonly record struct LoopCommand(ICommandTarget Target, int Kind = 0, object? State = null)
{
    /// <summary>Encoded bytes that the command owns, or an empty lease. The target returns the lease.</summary>
    public Lease OwnedBody { get; init; }

    /// <summary>Bytes of <see cref="OwnedBody"/> in use.</summary>
    public int BodyBytes { get; init; }

    /// <summary>How the body is sent.</summary>
    public SendMode Mode { get; init; }

    public ReadOnlySpan<byte> Body => OwnedBody.Span[..BodyBytes];
}
