namespace NetLoop;

/// <summary>State and history of the buffers of a loop, or of all loops of a server, at one moment.</summary>
/// <param name="RentedLeases">Leases that are out.</param>
/// <param name="RentedBytes">Bytes of their blocks, which are larger than what was asked for.</param>
/// <param name="SlabBytes">
/// Bytes of memory held, rented and free; never above <see cref="EventLoopOptions.MaxBufferBytes"/>. What went back to the system does not
/// count.
/// </param>
/// <param name="Rents">Rents granted since the loop was made.</param>
/// <param name="Misses">Those of them that had to allocate a slab.</param>
public readonly record struct BufferPoolStatistics(long RentedLeases, long RentedBytes, long SlabBytes, long Rents, long Misses)
{
    /// <summary>Adds up several pools.</summary>
    internal static BufferPoolStatistics Sum(IEnumerable<BufferPoolStatistics> pools) =>
        pools.Aggregate((all, one) => new BufferPoolStatistics(
            all.RentedLeases + one.RentedLeases,
            all.RentedBytes + one.RentedBytes,
            all.SlabBytes + one.SlabBytes,
            all.Rents + one.Rents,
            all.Misses + one.Misses));
}
