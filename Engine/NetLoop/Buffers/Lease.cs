using System.Runtime.CompilerServices;
using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>The right to use one block of a <see cref="BufferPool"/> until <see cref="Return"/>. Whoever rents it returns it once or hands it on.</summary>
/// <remarks>
/// Thread: the owner's. Copies are the same lease. A lease used after its return, or returned twice, fails an invariant, because the block's
/// generation has moved on: one compare, always on, and the reason why one block never has two owners.
/// </remarks>
internal readonly struct Lease
{
    private readonly PoolBlock? _block;
    private readonly uint _generation;

    internal Lease(PoolBlock block, uint generation)
    {
        _block = block;
        _generation = generation;
    }

    /// <summary>True for <c>default</c>: no block.</summary>
    public bool IsEmpty => _block is null;

    /// <summary>Bytes of the block, at least as many as requested; 0 when empty.</summary>
    public int Length => _block is null ? 0 : _block.Length;

    /// <summary>The memory: pinned, not zeroed, at the same address until the return; an empty span when the lease is empty.</summary>
    public Span<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            PoolBlock? block = _block;
            if (block is null)
            {
                return default;
            }

            if (block.Generation != _generation)
            {
                block.FailStaleLease();
            }

            return block.Span;
        }
    }

    /// <summary>Gives the block back to its pool.</summary>
    public void Return()
    {
        Invariant.Holds(_block is not null);
        _block.Slab.Pool.Return(_block, _generation);
    }
}
