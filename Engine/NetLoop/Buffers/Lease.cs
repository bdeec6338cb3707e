using System.Runtime.CompilerServices;
using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>
/// The right to use one block of a <see cref="BufferPool"/> until <see cref="Return"/>. The code that rents it returns it once or hands it on.
/// </summary>
/// <remarks>
/// Thread: the owner's. Copies are the same lease. Using a lease after its return, or returning it twice, fails an invariant, because the generation of the
/// block has changed. This check is one comparison and always on; it makes sure that a block never has two owners.
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

    /// <summary>True for <c>default</c>, which has no block.</summary>
    public bool IsEmpty => _block is null;

    /// <summary>Length of the block in bytes, at least the requested length; 0 if empty.</summary>
    public int Length => _block is null ? 0 : _block.Length;

    /// <summary>The memory: pinned, not zeroed, at the same address until the return; empty if the lease is empty.</summary>
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

    /// <summary>Returns the block to its pool.</summary>
    public void Return()
    {
        Invariant.Holds(_block is not null);
        _block.Slab.Pool.Return(_block, _generation);
    }
}
