using NetLoop.Stack.Linux;

namespace NetLoop.Buffers;

/// <summary>Slabs that are pinned arrays of the runtime: within its heap limit, and safe whatever a stale span points to.</summary>
internal sealed class PinnedSlabs : ISlabSource
{
    // How many full collections there had been when an allocation failed last.
    private int _failedAt = -1;

    public byte[]? TryAllocate(int bytes)
    {
        // A failure costs a full collection. Before the next one nothing can have become free, so asking again would only cost another.
        if (GC.CollectionCount(GC.MaxGeneration) == _failedAt)
        {
            return null;
        }

        try
        {
            return GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        }
        catch (OutOfMemoryException)
        {
            _failedAt = GC.CollectionCount(GC.MaxGeneration);
            return null;
        }
    }

    public bool TryVacate(byte[] slab) => OperatingSystem.IsLinux() && PageMemory.TryVacate(slab);

    /// <remarks>The collector frees the array when it comes to it, but its pages go at once.</remarks>
    public void Drop(byte[] slab) => TryVacate(slab);
}
