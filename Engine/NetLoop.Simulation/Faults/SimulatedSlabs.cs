using NetLoop.Buffers;

namespace NetLoop.Simulation;

/// <summary>The memory for one loop's buffers. Counts the memory that is really held, and fails when the plan says so.</summary>
/// <param name="faults">The plan with <see cref="FaultClass.AllocationFailed"/>.</param>
/// <param name="vacates">Whether the platform can take back single pages.</param>
internal sealed class SimulatedSlabs(FaultPlan faults, bool vacates) : ISlabSource
{
    /// <summary>Bytes allocated and not dropped.</summary>
    public long HeldBytes { get; private set; }

    public byte[]? TryAllocate(int bytes)
    {
        if (faults.Hits(FaultClass.AllocationFailed))
        {
            return null;
        }

        HeldBytes += bytes;
        return GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
    }

    public bool TryVacate(byte[] slab)
    {
        if (vacates)
        {
            Array.Clear(slab);
        }

        return vacates;
    }

    public void Drop(byte[] slab) => HeldBytes -= slab.Length;
}
