namespace NetLoop.Tests;

/// <summary>Measures allocations, to show that code allocates nothing.</summary>
internal static class Allocations
{
    /// <summary>Runs the action once to warm up and then a few times, and returns the smallest number of bytes that one run allocated on this thread.</summary>
    /// <remarks>
    /// The smallest number, because a garbage collection on any thread charges this one for the unused rest of its allocation buffer, up to 8 KiB.
    /// </remarks>
    public static long Of(Action action)
    {
        action();
        long fewest = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
