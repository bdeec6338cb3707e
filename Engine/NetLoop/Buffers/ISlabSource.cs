namespace NetLoop.Buffers;

/// <summary>The source of a <see cref="BufferPool"/>'s slabs: the runtime, or a simulation that counts them and makes allocations fail.</summary>
/// <remarks>Thread: any, under the lock of the pool.</remarks>
internal interface ISlabSource
{
    /// <summary>Allocates memory that stays at one address.</summary>
    /// <param name="bytes">Exact length.</param>
    /// <returns>Memory with any content; null if there is none.</returns>
    byte[]? TryAllocate(int bytes);

    /// <summary>Returns the pages of an unused slab to the system. The array stays usable: it takes pages again when it is written to.</summary>
    /// <returns>False if the platform does not support this; then only <see cref="Drop"/> frees memory.</returns>
    bool TryVacate(byte[] slab);

    /// <summary>Frees a slab that the pool no longer refers to.</summary>
    void Drop(byte[] slab);
}
