namespace NetLoop.Buffers;

/// <summary>Slabs that are pinned arrays of the runtime: within its heap limit, and safe whatever a stale span points to.</summary>
/// <param name="allocate">Allocates a pinned array of exactly the given number of bytes, or throws <see cref="OutOfMemoryException"/>.</param>
/// <param name="vacate">Gives the pages of an array back to the system, and says whether it could; null where there is no way to.</param>
internal sealed class PinnedSlabs(Func<int, byte[]> allocate, Func<byte[], bool>? vacate) : ISlabSource
{
    // The allocation that failed last: how many full collections there had been, and its length.
    private int _failedAt = -1;
    private int _failedBytes;

    public PinnedSlabs(Func<byte[], bool>? vacate = null)
        : this(static bytes => GC.AllocateUninitializedArray<byte>(bytes, pinned: true), vacate)
    {
    }

    public byte[]? TryAllocate(int bytes)
    {
        // A failure costs a full collection. Before the next one nothing can have become free, so asking for as much again would only cost another.
        if (bytes >= _failedBytes && GC.CollectionCount(GC.MaxGeneration) == _failedAt)
        {
            return null;
        }

        try
        {
            return allocate(bytes);
        }
        catch (OutOfMemoryException)
        {
            _failedAt = GC.CollectionCount(GC.MaxGeneration);
            _failedBytes = bytes;
            return null;
        }
    }

    public bool TryVacate(byte[] slab) => vacate is not null && vacate(slab);

    /// <remarks>The collector frees the array when it comes to it, but its pages go at once.</remarks>
    public void Drop(byte[] slab) => TryVacate(slab);
}
