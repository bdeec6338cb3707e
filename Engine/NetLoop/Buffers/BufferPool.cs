using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>Pinned memory for received, encoded and queued bytes, limited in total size.</summary>
/// <remarks>
/// Thread: any; one of the four places where threads interact. One lock guards everything. It is held for a few dozen instructions (longer only while a slab
/// is allocated or vacated), and the loop thread rarely has to wait for it. Blocks come in nine sizes from 256 B to 16 MiB, each four times the previous one,
/// cut out of slabs of 256 KiB; a block of 256 KiB or more is its own slab. A rent or return moves a block between lists and allocates nothing. After a
/// burst, unused slabs of up to 1/16 of <see cref="BufferPoolOptions.MaxBytes"/> keep their memory, and in any case one of 256 KiB for each size. Other
/// unused slabs are vacated: their pages are returned to the system at once, and the slab can be used again. If the platform does not support that, they are
/// left to the garbage collector. All slabs together, including vacant ones, never exceed the limit. At the limit, an unused slab is cut again for another
/// size, or dropped in favour of a larger one. A slab that the runtime cannot allocate is treated like one beyond the limit.
/// </remarks>
internal sealed class BufferPool
{
    /// <summary>Size of the largest lease.</summary>
    internal const int MaxLeaseBytes = SizeClass.LargestBlockBytes;

    private const long MinMaxBytes = 1 << 20;
    private const byte Poison = 0xDD;

    private readonly Lock _lock = new();
    private readonly SizeClass[] _classes = new SizeClass[SizeClass.Count];
    private readonly long _maxBytes;
    private readonly int _sharedSlabBytes;

    // The rented blocks; only in diagnostics mode.
    private readonly HashSet<PoolBlock>? _outstanding;

    private long _rentedLeases;
    private long _rentedBytes;

    // Bytes of all slabs, of those that are not vacant, and of those that are unused but not vacant.
    private long _heldBytes;
    private long _slabBytes;
    private long _unusedBytes;
    private long _rents;
    private long _misses;

    /// <summary>Creates an empty pool; memory is allocated when it is first needed.</summary>
    /// <param name="options">The limits; null for the defaults. Later changes of the object have no effect.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public BufferPool(BufferPoolOptions? options = null)
    {
        options ??= new BufferPoolOptions();
        if (options.MaxBytes < MinMaxBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"BufferPoolOptions.MaxBytes is {options.MaxBytes}; it must be at least {MinMaxBytes} (1 MiB), room for a few slabs of 256 KiB.");
        }

        _maxBytes = options.MaxBytes;
        _sharedSlabBytes = options.SlabBytes;
        Source = options.Source ?? new PinnedSlabs();
        _outstanding = options.Diagnostics ? [] : null;
        for (int i = 0; i < _classes.Length; i++)
        {
            _classes[i] = new SizeClass(i, options.SlabBytes);
        }
    }

    /// <summary>Rented and held memory, and the number of allocations.</summary>
    /// <remarks>Thread: any. The values are consistent with each other.</remarks>
    public BufferPoolStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return new BufferPoolStatistics(_rentedLeases, _rentedBytes, _slabBytes, _rents, _misses);
            }
        }
    }

    /// <summary>The source of slabs.</summary>
    internal ISlabSource Source { get; }

    /// <summary>Bytes of all slabs, including vacant ones: the memory that the runtime's heap holds for this pool.</summary>
    internal long HeldBytes
    {
        get
        {
            lock (_lock)
            {
                return _heldBytes;
            }
        }
    }

    /// <summary>Whether a block of this size could be rented if no other were.</summary>
    internal bool CanEverRent(int bytes) => bytes <= MaxLeaseBytes && _classes[SizeClass.IndexFor(bytes)].SlabBytes <= _maxBytes;

    /// <summary>Rents a block.</summary>
    /// <param name="minimumBytes">At least 1.</param>
    /// <param name="owner">The name of the owner for leak reports: a constant, so that it costs nothing.</param>
    /// <param name="lease">The block, owned by the caller; empty if there is none.</param>
    /// <returns>
    /// False when no block of that size is free and another slab would take the pool beyond <see cref="BufferPoolOptions.MaxBytes"/> or cannot be
    /// allocated, or when <see cref="CanEverRent"/> is false.
    /// </returns>
    internal bool TryRent(int minimumBytes, string owner, out Lease lease)
    {
        Invariant.Holds(minimumBytes > 0);
        if (minimumBytes > MaxLeaseBytes)
        {
            lease = default;
            return false;
        }

        SizeClass sizeClass = _classes[SizeClass.IndexFor(minimumBytes)];
        lock (_lock)
        {
            if (!sizeClass.HasFreeBlock && !TryAddSlab(sizeClass))
            {
                lease = default;
                return false;
            }

            PoolSlab slab = sizeClass.First();
            if (slab.IsUnused)
            {
                BeginUse(slab);
            }

            PoolBlock block = sizeClass.Take(slab);
            block.Owner = owner;
            _rents++;
            _rentedLeases++;
            _rentedBytes += block.Length;
            if (_outstanding is not null)
            {
                VerifyPoison(block);
                _outstanding.Add(block);
            }

            lease = new Lease(block, block.Generation);
            return true;
        }
    }

    /// <summary>Takes the block of a lease back. Called only by <see cref="Lease.Return"/>.</summary>
    internal void Return(PoolBlock block, uint generation)
    {
        lock (_lock)
        {
            if (block.Generation != generation)
            {
                block.FailStaleLease();
            }

            block.Generation++;
            _rentedLeases--;
            _rentedBytes -= block.Length;
            if (_outstanding is not null)
            {
                _outstanding.Remove(block);
                block.Span.Fill(Poison);
            }

            if (block.Slab.SizeClass.PutBack(block))
            {
                EndUse(block.Slab);
            }
        }
    }

    /// <summary>Returns the owners of all rented leases in alphabetical order, one entry for each lease.</summary>
    /// <remarks>Thread: any. Empty unless <see cref="BufferPoolOptions.Diagnostics"/> is on.</remarks>
    internal string[] OutstandingOwners()
    {
        lock (_lock)
        {
            string[] owners = _outstanding is null ? [] : [.. _outstanding.Select(block => block.Owner)];
            Array.Sort(owners, StringComparer.Ordinal);
            return owners;
        }
    }

    private static void VerifyPoison(PoolBlock block)
    {
        int written = block.Span.IndexOfAnyExcept(Poison);
        if (written >= 0)
        {
            Invariant.Fail($"byte {written} of a free block of {block.Length} bytes was written after the block's return");
        }
    }

    private void BeginUse(PoolSlab unused)
    {
        if (!unused.IsVacant)
        {
            _unusedBytes -= unused.Memory.Length;
            return;
        }

        unused.IsVacant = false;
        _slabBytes += unused.Memory.Length;
        if (_outstanding is not null)
        {
            unused.Memory.AsSpan().Fill(Poison);
        }
    }

    private void EndUse(PoolSlab unused)
    {
        SizeClass sizeClass = unused.SizeClass;
        int bytes = unused.Memory.Length;
        if (_unusedBytes + bytes <= _maxBytes / 16 || (bytes <= _sharedSlabBytes && !sizeClass.HasUnusedBeside(unused)))
        {
            _unusedBytes += bytes;
            sizeClass.Keep(unused);
            return;
        }

        _slabBytes -= bytes;
        if (Source.TryVacate(unused.Memory))
        {
            sizeClass.Vacate(unused);
        }
        else
        {
            sizeClass.Remove(unused);
            Drop(unused);
        }
    }

    private bool TryAddSlab(SizeClass sizeClass)
    {
        int bytes = sizeClass.SlabBytes;
        byte[]? memory = _heldBytes + bytes <= _maxBytes ? Source.TryAllocate(bytes) : null;
        if (memory is not null)
        {
            _heldBytes += bytes;
        }
        else if ((memory = TakeUnused(bytes)) is null)
        {
            return false;
        }

        PoolSlab slab;
        try
        {
            slab = new PoolSlab(this, sizeClass, memory);
        }
        catch (OutOfMemoryException)
        {
            _heldBytes -= bytes;
            Source.Drop(memory);
            return false;
        }

        if (_outstanding is not null)
        {
            memory.AsSpan().Fill(Poison);
        }

        sizeClass.Add(slab);
        _slabBytes += bytes;
        _unusedBytes += bytes;
        _misses++;
        return true;
    }

    /// <summary>Gets memory for a slab from unused slabs of other sizes: one of the same length, or room for one by dropping others.</summary>
    private byte[]? TakeUnused(int bytes)
    {
        foreach (SizeClass other in _classes)
        {
            if (other.SlabBytes == bytes && other.RemoveUnused() is { } slab)
            {
                Uncount(slab);
                return slab.Memory;
            }
        }

        if (bytes > _maxBytes)
        {
            return null;
        }

        for (int i = _classes.Length - 1; i >= 0; i--)
        {
            while (_heldBytes + bytes > _maxBytes && _classes[i].RemoveUnused() is { } slab)
            {
                Uncount(slab);
                Drop(slab);
            }
        }

        if (_heldBytes + bytes > _maxBytes || Source.TryAllocate(bytes) is not { } memory)
        {
            return null;
        }

        _heldBytes += bytes;
        return memory;
    }

    private void Uncount(PoolSlab unused)
    {
        if (!unused.IsVacant)
        {
            _slabBytes -= unused.Memory.Length;
            _unusedBytes -= unused.Memory.Length;
        }
    }

    private void Drop(PoolSlab unused)
    {
        _heldBytes -= unused.Memory.Length;
        Source.Drop(unused.Memory);
    }
}
