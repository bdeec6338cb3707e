using System.Numerics;
using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>
/// All blocks of one size: its slabs that have free blocks, those in use first, then unused ones, and apart from them vacant ones. Guarded
/// by the lock of its pool.
/// </summary>
internal sealed class SizeClass
{
    /// <summary>256 B, 1 KiB, 4 KiB ... 4 MiB, and the largest.</summary>
    public const int Count = 9;

    /// <summary>16 MiB, the largest frame there may be, and 1 KiB for its header, trailer and bookkeeping.</summary>
    public const int LargestBlockBytes = (16 << 20) + 1024;

    private const int SmallestBlockBits = 8;
    private const int SmallestBlockBytes = 1 << SmallestBlockBits;

    private PoolSlab? _first;
    private PoolSlab? _last;

    // Chained by Next.
    private PoolSlab? _vacant;

    /// <param name="index">Which size, from 0 on.</param>
    /// <param name="sharedSlabBytes">The size of slabs that have several blocks.</param>
    public SizeClass(int index, int sharedSlabBytes)
    {
        BlockBytes = index == Count - 1 ? LargestBlockBytes : SmallestBlockBytes << (2 * index);
        SlabBytes = Math.Max(sharedSlabBytes, BlockBytes);
    }

    public int BlockBytes { get; }

    public int SlabBytes { get; }

    public bool HasFreeBlock => _first is not null || _vacant is not null;

    /// <summary>The class with the smallest blocks that hold this number of bytes, 1 to <see cref="LargestBlockBytes"/>.</summary>
    public static int IndexFor(int bytes)
    {
        if (bytes <= SmallestBlockBytes)
        {
            return 0;
        }

        // A class is two bits wide: (256 B, 1 KiB] is class 1, (1 KiB, 4 KiB] class 2, and so on.
        int index = ((BitOperations.Log2((uint)bytes - 1) - SmallestBlockBits) / 2) + 1;
        return Math.Min(index, Count - 1);
    }

    /// <summary>Adds an unused slab.</summary>
    public void Add(PoolSlab unused) => LinkLast(unused);

    /// <summary>The slab that the next block comes from: one in use before an unused one before a vacant one.</summary>
    public PoolSlab First()
    {
        if (_first is null)
        {
            Invariant.Holds(_vacant is not null);
            LinkFirst(TakeVacant(_vacant));
        }

        return _first!;
    }

    /// <summary>Takes a block of the first slab.</summary>
    public PoolBlock Take(PoolSlab first)
    {
        PoolBlock block = first.Pop();
        if (first.IsFull)
        {
            Unlink(first);
        }

        return block;
    }

    /// <summary>Takes a block back.</summary>
    /// <returns>True when its slab became unused: it is to be kept, vacated or removed.</returns>
    public bool PutBack(PoolBlock block)
    {
        PoolSlab slab = block.Slab;
        if (slab.IsFull)
        {
            LinkFirst(slab);
        }

        slab.Push(block);
        return slab.IsUnused;
    }

    /// <summary>Whether the list, which has unused slabs at its end, has another one.</summary>
    public bool HasUnusedBeside(PoolSlab unused) => (_last == unused ? unused.Previous : _last) is { IsUnused: true };

    /// <summary>Keeps an unused slab with its pages.</summary>
    public void Keep(PoolSlab unused)
    {
        if (unused != _last)
        {
            Unlink(unused);
            LinkLast(unused);
        }
    }

    /// <summary>Keeps an unused slab whose pages went back to the system.</summary>
    public void Vacate(PoolSlab unused)
    {
        Unlink(unused);
        unused.IsVacant = true;
        unused.Next = _vacant;
        _vacant = unused;
    }

    /// <summary>Takes an unused slab out, for another use of its memory or for none.</summary>
    public void Remove(PoolSlab unused) => Unlink(unused);

    /// <summary>Takes any unused slab out, a vacant one first.</summary>
    /// <returns>Null when all are in use. It says still whether it is vacant.</returns>
    public PoolSlab? RemoveUnused()
    {
        if (_vacant is not null)
        {
            return TakeVacant(_vacant);
        }

        if (_last is not { IsUnused: true } slab)
        {
            return null;
        }

        Unlink(slab);
        return slab;
    }

    private PoolSlab TakeVacant(PoolSlab first)
    {
        _vacant = first.Next;
        first.Next = null;
        return first;
    }

    private void LinkFirst(PoolSlab slab)
    {
        slab.Next = _first;
        if (_first is null)
        {
            _last = slab;
        }
        else
        {
            _first.Previous = slab;
        }

        _first = slab;
    }

    private void LinkLast(PoolSlab slab)
    {
        slab.Previous = _last;
        if (_last is null)
        {
            _first = slab;
        }
        else
        {
            _last.Next = slab;
        }

        _last = slab;
    }

    private void Unlink(PoolSlab slab)
    {
        if (slab.Previous is null)
        {
            _first = slab.Next;
        }
        else
        {
            slab.Previous.Next = slab.Next;
        }

        if (slab.Next is null)
        {
            _last = slab.Previous;
        }
        else
        {
            slab.Next.Previous = slab.Previous;
        }

        slab.Previous = null;
        slab.Next = null;
    }
}
