namespace NetLoop.Buffers;

/// <summary>The memory limit and the diagnostics of a <see cref="BufferPool"/>.</summary>
internal sealed class BufferPoolOptions
{
    internal const int DefaultSlabBytes = 256 << 10;

    private const long MostByDefault = 256L << 20;
    private const long LeastByDefault = 1L << 20;

    /// <summary>The divisor of the process's memory that gives a pool's default limit.</summary>
    private const long DefaultShare = 4;

    /// <summary>A quarter of the memory that the process may use (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>), 1 to 256 MiB.</summary>
    internal static readonly long DefaultMaxBytes =
        Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / DefaultShare, LeastByDefault, MostByDefault);

    /// <summary>
    /// Maximum memory that the pool takes from the runtime, rented and free blocks together: 1 MiB or more. By default a quarter of the memory that the
    /// process may use (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>: the machine's, or three quarters of a container's limit), at most 256 MiB.
    /// </summary>
    /// <remarks>A rent beyond the limit fails, and so does one for which the runtime has no memory.</remarks>
    public long MaxBytes { get; set; } = DefaultMaxBytes;

    /// <summary>Fills returned blocks with 0xDD, checks on the next rent that they were not written to since, and records the owners of leases.</summary>
    /// <remarks>For tests: it costs a pass over every rented or returned block.</remarks>
    public bool Diagnostics { get; set; }

    /// <summary>Bytes allocated from the runtime at a time for smaller blocks: a power of two, at least 16 KiB.</summary>
    internal int SlabBytes { get; init; } = DefaultSlabBytes;

    /// <summary>The source of slabs; null for pinned arrays of the runtime.</summary>
    internal ISlabSource? Source { get; init; }
}
