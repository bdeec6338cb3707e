using System.Diagnostics.CodeAnalysis;
using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>One block of a slab, to which a <see cref="Lease"/> points. Created with its slab and reused as long as the slab exists.</summary>
internal sealed class PoolBlock(PoolSlab slab, int offset, int length)
{
    // A copy of the slab's field, because the memory of a lease is read several times for each message.
    private readonly byte[] _memory = slab.Memory;

    public PoolSlab Slab { get; } = slab;

    public int Length { get; } = length;

    /// <summary>Changes with every return, so that all earlier leases are recognized as stale.</summary>
    public uint Generation { get; set; }

    /// <summary>The last owner of the block, for error texts and leak reports.</summary>
    public string Owner { get; set; } = "nobody";

    /// <summary>Next free block of the slab.</summary>
    public PoolBlock? NextFree { get; set; }

    public Span<byte> Span => _memory.AsSpan(offset, Length);

    [DoesNotReturn]
    public void FailStaleLease() =>
        Invariant.Fail($"a lease of {Length} bytes was used or returned after its return; the block was last rented by {Owner}");
}
