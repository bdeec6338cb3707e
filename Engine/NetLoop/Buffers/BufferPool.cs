using NetLoop.Buffers;
using NetLoop.Diagnostics;

namespace NetLoop;

/// <summary>Pinned memory for everything the engine receives, encodes and queues, bounded in bytes.</summary>
/// <remarks>
/// Thread: any; one of the four places where threads meet. One lock guards it all: it is held for a few dozen instructions (longer only when a
/// slab is allocated), and the loop thread rarely meets another one there.
/// Blocks come in nine sizes, 256 B to 16 MiB, each four times the one before, cut out of slabs of 256 KiB; a block of 256 KiB or more is a slab of
/// its own.
/// A rent or return moves a block off or onto a list and allocates nothing. After a burst, each size keeps 1/16 of
/// <see cref="BufferPoolOptions.MaxBytes"/> (and at least one slab) in unused slabs and leaves the others to the garbage collector; before a rent
/// is refused for want of bytes, all unused slabs of all sizes are given up. What is given up no longer counts, though the collector takes its time.
/// </remarks>
public sealed class BufferPool
{
    /// <summary>The largest lease there is.</summary>
    internal const int MaxLeaseBytes = SizeClass.LargestBlockBytes;

    private const long MinMaxBytes = 1 << 20;
    private const byte Poison = 0xDD;

    private readonly Lock _lock = new();
    private readonly SizeClass[] _classes = new SizeClass[SizeClass.Count];
    private readonly long _maxBytes;

    // The blocks that are out; only in diagnostics mode.
    private readonly HashSet<PoolBlock>? _outstanding;

    private long _rentedLeases;
    private long _rentedBytes;
    private long _slabBytes;
    private long _rents;
    private long _misses;

    /// <summary>Makes an empty pool; memory is taken when it is first needed.</summary>
    /// <param name="options">Limits; the defaults when null. Later changes of the object have no effect.</param>
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
        _outstanding = options.Diagnostics ? [] : null;
        for (int i = 0; i < _classes.Length; i++)
        {
            _classes[i] = new SizeClass(i, options.SlabBytes, maxUnusedBytes: _maxBytes / 16);
        }
    }

    /// <summary>What is out, what is held, and how often memory had to be allocated.</summary>
    /// <remarks>Thread: any. The numbers belong to one moment.</remarks>
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

    /// <summary>Rents a block.</summary>
    /// <param name="minimumBytes">At least 1.</param>
    /// <param name="owner">Who rents, for leak reports: a constant, so that it costs nothing.</param>
    /// <param name="lease">The block, owned by the caller; empty when refused.</param>
    /// <returns>
    /// False when no block of that size is free and another slab would take the pool beyond <see cref="BufferPoolOptions.MaxBytes"/>, or when more
    /// than <see cref="MaxLeaseBytes"/> are asked for.
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

            PoolBlock block = sizeClass.Take();
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

    /// <summary>Takes back what a lease held. Called by <see cref="Lease.Return"/> only.</summary>
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
                _slabBytes -= block.Slab.Memory.Length;
            }
        }
    }

    /// <summary>Names the owners of all leases that are out, in alphabetical order, one entry a lease.</summary>
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

    private bool TryAddSlab(SizeClass sizeClass)
    {
        if (_slabBytes + sizeClass.SlabBytes > _maxBytes)
        {
            foreach (SizeClass any in _classes)
            {
                _slabBytes -= any.DropUnused();
            }

            if (_slabBytes + sizeClass.SlabBytes > _maxBytes)
            {
                return false;
            }
        }

        var slab = new PoolSlab(this, sizeClass);
        if (_outstanding is not null)
        {
            slab.Memory.AsSpan().Fill(Poison);
        }

        sizeClass.Add(slab);
        _slabBytes += sizeClass.SlabBytes;
        _misses++;
        return true;
    }
}
