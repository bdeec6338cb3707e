namespace NetLoop.Diagnostics;

/// <summary>Brings the thread pool back after it could not start a thread.</summary>
/// <remarks>
/// The pool of .NET 10 counts a thread before it starts it. When the start throws, for want of a descriptor or of memory, the count stays: a pool
/// without other threads then believes that one is at work, and runs nothing any more. A higher minimum makes it start another.
/// Thread: any.
/// </remarks>
internal static class ThreadPoolRescue
{
    private const int Attempts = 16;

    // More than the threads that were lost are never needed; an application with a pool of its own size keeps it.
    private const int MostMinimum = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Lets the pool have one thread more than it believes to have.</summary>
    /// <returns>False when it cannot start one now either.</returns>
    public static bool TryAddThread()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        try
        {
            return workers >= MostMinimum || ThreadPool.SetMinThreads(workers + 1, ports);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    /// <summary>Waits until the pool runs its work, and helps it. Takes some microseconds if the pool works, and at most 4 s.</summary>
    /// <returns>Whether it runs.</returns>
    public static bool EnsureRuns()
    {
        // Not disposed: the probe may come after the last wait.
        var ran = new ManualResetEventSlim();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                ThreadPool.UnsafeQueueUserWorkItem(static ran => ran.Set(), ran, preferLocal: false);
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                // It is in the queue all the same.
            }

            if (ran.Wait(Patience))
            {
                return true;
            }

            TryAddThread();
        }

        return false;
    }
}
