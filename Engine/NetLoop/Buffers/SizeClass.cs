using System.Numerics;
using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>All blocks of one size: its slabs that have free blocks, those in use first and unused ones last. Guarded by the lock of its pool.</summary>
internal sealed class SizeClass
{
    /// <summary>256 B, 1 KiB, 4 KiB ... 4 MiB, and the largest.</summary>
    public const int Count = 9;

    /// <summary>16 MiB, the largest frame there may be, and 1 KiB for its header, trailer and bookkeeping.</summary>
    public const int LargestBlockBytes = (16 << 20) + 1024;

    private const int SmallestBlockBits = 8;
    private const int SmallestBlockBytes = 1 << SmallestBlockBits;

    private readonly int _maxUnusedSlabs;
    private PoolSlab? _first;
    private PoolSlab? _last;
    private int _unusedSlabs;

    /// <param name="index">Which size, from 0 on.</param>
    /// <param name="sharedSlabBytes">The size of slabs that have several blocks.</param>
    /// <param name="maxUnusedBytes">Most bytes of unused slabs that are kept; one slab is in any case.</param>
    public SizeClass(int index, int sharedSlabBytes, long maxUnusedBytes)
    {
        BlockBytes = index == Count - 1 ? LargestBlockBytes : SmallestBlockBytes << (2 * index);
        SlabBytes = Math.Max(sharedSlabBytes, BlockBytes);
        _maxUnusedSlabs = (int)Math.Clamp(maxUnusedBytes / SlabBytes, 1, int.MaxValue);
    }

    public int BlockBytes { get; }

    public int SlabBytes { get; }

    public bool HasFreeBlock => _first is not null;

    /// <summary>The class with the smallest blocks that hold so many bytes, 1 to <see cref="LargestBlockBytes"/>.</summary>
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

    public void Add(PoolSlab unused)
    {
        LinkLast(unused);
        _unusedSlabs++;
    }

    public PoolBlock Take()
    {
        PoolSlab? slab = _first;
        Invariant.Holds(slab is not null);
        if (slab.IsUnused)
        {
            _unusedSlabs--;
        }

        PoolBlock block = slab.Pop();
        if (slab.IsFull)
        {
            Unlink(slab);
        }

        return block;
    }

    /// <summary>Takes a block back.</summary>
    /// <returns>True when its slab became unused and is one more than the class keeps: it has been unlinked and is garbage.</returns>
    public bool PutBack(PoolBlock block)
    {
        PoolSlab slab = block.Slab;
        if (slab.IsFull)
        {
            LinkFirst(slab);
        }

        slab.Push(block);
        if (!slab.IsUnused)
        {
            return false;
        }

        if (_unusedSlabs == _maxUnusedSlabs)
        {
            Unlink(slab);
            return true;
        }

        _unusedSlabs++;
        if (slab != _last)
        {
            Unlink(slab);
            LinkLast(slab);
        }

        return false;
    }

    /// <summary>Lets go of every unused slab.</summary>
    /// <returns>Their bytes.</returns>
    public long DropUnused()
    {
        long dropped = (long)_unusedSlabs * SlabBytes;
        while (_last is { IsUnused: true } slab)
        {
            Unlink(slab);
        }

        _unusedSlabs = 0;
        return dropped;
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
