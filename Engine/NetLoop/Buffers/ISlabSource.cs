namespace NetLoop.Buffers;

/// <summary>Where a <see cref="BufferPool"/> gets its slabs: the runtime, or a simulation that counts them and lets allocations fail.</summary>
/// <remarks>Thread: any, under the lock of the pool.</remarks>
internal interface ISlabSource
{
    /// <summary>Takes memory that stays at one address.</summary>
    /// <param name="bytes">Exact length.</param>
    /// <returns>Memory with any content; null when there is none.</returns>
    byte[]? TryAllocate(int bytes);

    /// <summary>Gives the pages of an unused slab back to the system. The array stays usable: it takes pages again when it is written to.</summary>
    /// <returns>False when the platform cannot; then only <see cref="Drop"/> frees memory.</returns>
    bool TryVacate(byte[] slab);

    /// <summary>Forgets a slab that the pool does not refer to any more.</summary>
    void Drop(byte[] slab);
}
