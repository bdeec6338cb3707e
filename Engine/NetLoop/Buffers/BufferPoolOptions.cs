namespace NetLoop;

/// <summary>How much memory a <see cref="BufferPool"/> may take, and how suspicious it is.</summary>
public sealed class BufferPoolOptions
{
    internal const int DefaultSlabBytes = 256 << 10;

    /// <summary>Most bytes the pool takes from the runtime, rented and free blocks together: 1 MiB or more, 256 MiB by default.</summary>
    /// <remarks>A rent beyond it is refused.</remarks>
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>Fills returned blocks with 0xDD, proves on the next rent that nobody wrote to them since, and remembers who holds leases.</summary>
    /// <remarks>For tests: it costs a pass over every block rented or returned.</remarks>
    public bool Diagnostics { get; set; }

    /// <summary>Bytes taken from the runtime at a time, for blocks that are smaller: a power of two from 16 KiB on.</summary>
    internal int SlabBytes { get; init; } = DefaultSlabBytes;
}
