using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>One pinned array, cut into blocks of one size. Guarded by the lock of its pool.</summary>
internal sealed class PoolSlab
{
    private readonly int _blockCount;
    private PoolBlock? _firstFree;
    private int _freeCount;

    /// <exception cref="OutOfMemoryException">There is no memory for the block objects.</exception>
    public PoolSlab(BufferPool pool, SizeClass sizeClass, byte[] memory)
    {
        Invariant.Holds(memory.Length == sizeClass.SlabBytes);
        Pool = pool;
        SizeClass = sizeClass;
        Memory = memory;
        _blockCount = sizeClass.SlabBytes / sizeClass.BlockBytes;
        for (int i = _blockCount - 1; i >= 0; i--)
        {
            Push(new PoolBlock(this, i * sizeClass.BlockBytes, sizeClass.BlockBytes));
        }
    }

    public BufferPool Pool { get; }

    public SizeClass SizeClass { get; }

    public byte[] Memory { get; }

    public bool IsFull => _freeCount == 0;

    /// <summary>Whether its pages were returned to the system; this happens only to unused slabs.</summary>
    public bool IsVacant { get; set; }

    public bool IsUnused => _freeCount == _blockCount;

    /// <summary>Neighbours in the list of slabs that have free blocks.</summary>
    public PoolSlab? Previous { get; set; }

    public PoolSlab? Next { get; set; }

    /// <summary>Takes the block that was returned last, whose memory is most likely in the cache.</summary>
    public PoolBlock Pop()
    {
        PoolBlock? block = _firstFree;
        Invariant.Holds(block is not null);
        _firstFree = block.NextFree;
        block.NextFree = null;
        _freeCount--;
        return block;
    }

    public void Push(PoolBlock block)
    {
        block.NextFree = _firstFree;
        _firstFree = block;
        _freeCount++;
    }
}
