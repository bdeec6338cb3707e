namespace NetLoop.Buffers;

/// <summary>Slabs in pinned arrays of the runtime: they count towards its heap limit, and a stale span cannot corrupt other memory.</summary>
/// <param name="allocate">Allocates a pinned array of exactly the given number of bytes, or throws <see cref="OutOfMemoryException"/>.</param>
/// <param name="vacate">Returns the pages of an array to the system, and returns whether it could; null if the platform does not support this.</param>
internal sealed class PinnedSlabs(Func<int, byte[]> allocate, Func<byte[], bool>? vacate) : ISlabSource
{
    // The last failed allocation: the number of full collections at that time, and its length.
    private int _failedAt = -1;
    private int _failedBytes;

    public PinnedSlabs(Func<byte[], bool>? vacate = null)
        : this(static bytes => GC.AllocateUninitializedArray<byte>(bytes, pinned: true), vacate)
    {
    }

    public byte[]? TryAllocate(int bytes)
    {
        // A failure costs a full collection. Until the next collection no memory can have become free, so another attempt of that size would only cost
        // another one.
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

    /// <remarks>The garbage collector frees the array later, but its pages are returned at once.</remarks>
    public void Drop(byte[] slab) => TryVacate(slab);
}
