using NetLoop.Buffers;

namespace NetLoop.Tests.Buffers;

/// <summary>Counts slabs, and fails on demand.</summary>
internal sealed class CountedSlabs : ISlabSource
{
    public bool CanVacate { get; init; }

    public bool Fails { get; set; }

    public int Allocations { get; private set; }

    public long HeldBytes { get; private set; }

    public long VacatedBytes { get; private set; }

    public byte[]? TryAllocate(int bytes)
    {
        if (Fails)
        {
            return null;
        }

        Allocations++;
        HeldBytes += bytes;
        return GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
    }

    public bool TryVacate(byte[] slab)
    {
        if (CanVacate)
        {
            VacatedBytes += slab.Length;
            Array.Clear(slab);
        }

        return CanVacate;
    }

    public void Drop(byte[] slab) => HeldBytes -= slab.Length;
}
