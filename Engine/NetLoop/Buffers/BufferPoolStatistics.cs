namespace NetLoop;

/// <summary>State and history of the buffers of a loop, or of all loops of a server, at one moment.</summary>
/// <param name="RentedLeases">Number of leases that are rented.</param>
/// <param name="RentedBytes">Bytes of their blocks, which may be larger than requested.</param>
/// <param name="SlabBytes">
/// Bytes of memory held, rented and free; never above <see cref="EventLoopOptions.MaxBufferBytes"/>. Memory that was returned to the system is not
/// counted.
/// </param>
/// <param name="Rents">Number of rents since the loop was created.</param>
/// <param name="Misses">Number of rents that had to allocate a slab.</param>
public readonly record struct BufferPoolStatistics(long RentedLeases, long RentedBytes, long SlabBytes, long Rents, long Misses)
{
    /// <summary>Adds up the statistics of several pools.</summary>
    internal static BufferPoolStatistics Sum(IEnumerable<BufferPoolStatistics> pools) =>
        pools.Aggregate((all, one) => new BufferPoolStatistics(
            all.RentedLeases + one.RentedLeases,
            all.RentedBytes + one.RentedBytes,
            all.SlabBytes + one.SlabBytes,
            all.Rents + one.Rents,
            all.Misses + one.Misses));
}
