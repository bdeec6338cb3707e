using NetLoop.Buffers;

namespace NetLoop.Tests.Buffers;

/// <summary>Uses up the memory of a pool.</summary>
internal static class FullPool
{
    private static readonly int[] Sizes = [1 << 20, 1 << 18, 1 << 16, 1 << 14, 1 << 12, 1 << 10, 1 << 8, 1];

    /// <summary>Rents leases of all sizes until there are no more. The caller returns them.</summary>
    public static Lease[] RentEverything(this BufferPool pool)
    {
        List<Lease> all = [];
        foreach (int size in Sizes)
        {
            while (pool.TryRent(size, "everything", out Lease lease))
            {
                all.Add(lease);
            }
        }

        return [.. all];
    }
}
