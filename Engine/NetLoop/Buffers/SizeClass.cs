using System.Numerics;
using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>
/// All blocks of one size. The list has the slabs with free blocks: those in use first, then unused ones; vacant slabs are in a separate list. Guarded by the
/// lock of its pool.
/// </summary>
internal sealed class SizeClass
{
    /// <summary>256 B, 1 KiB, 4 KiB ... 4 MiB, and the largest size.</summary>
    public const int Count = 9;

    /// <summary>16 MiB, which is the largest frame, and 1 KiB for its header, trailer and bookkeeping.</summary>
    public const int LargestBlockBytes = (16 << 20) + 1024;

    private const int SmallestBlockBits = 8;
    private const int SmallestBlockBytes = 1 << SmallestBlockBits;

    private PoolSlab? _first;
    private PoolSlab? _last;

    // Linked by Next.
    private PoolSlab? _vacant;

    /// <param name="index">Index of the size, from 0.</param>
    /// <param name="sharedSlabBytes">The size of slabs with several blocks.</param>
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

        // A class spans two bits: (256 B, 1 KiB] is class 1, (1 KiB, 4 KiB] class 2, and so on.
        int index = ((BitOperations.Log2((uint)bytes - 1) - SmallestBlockBits) / 2) + 1;
        return Math.Min(index, Count - 1);
    }

    /// <summary>Adds an unused slab.</summary>
    public void Add(PoolSlab unused) => LinkLast(unused);

    /// <summary>The slab for the next block: preferably one in use, then an unused one, then a vacant one.</summary>
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
    /// <returns>True if its slab became unused, and must be kept, vacated or removed.</returns>
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

    /// <summary>Whether there is an unused slab other than this one; unused slabs are at the end of the list.</summary>
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

    /// <summary>Keeps an unused slab whose pages were returned to the system.</summary>
    public void Vacate(PoolSlab unused)
    {
        Unlink(unused);
        unused.IsVacant = true;
        unused.Next = _vacant;
        _vacant = unused;
    }

    /// <summary>Removes an unused slab, to use its memory otherwise or not at all.</summary>
    public void Remove(PoolSlab unused) => Unlink(unused);

    /// <summary>Removes any unused slab, preferably a vacant one.</summary>
    /// <returns>The slab, which still says whether it is vacant; null if all are in use.</returns>
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
