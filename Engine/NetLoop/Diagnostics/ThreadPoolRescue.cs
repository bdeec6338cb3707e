namespace NetLoop.Diagnostics;

/// <summary>Restores the thread pool after it could not start a thread.</summary>
/// <remarks>
/// The pool of .NET 10 counts a thread before it starts it. When the start throws because there is no descriptor or memory, the count is not corrected: a
/// pool without other threads then assumes that one is running, and runs nothing any more. A higher minimum makes it start another thread. Thread: any.
/// </remarks>
internal static class ThreadPoolRescue
{
    private const int Attempts = 16;

    // There is never a need for more than the number of lost threads. An application that sets its own pool size keeps it.
    private const int MostMinimum = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Allows the pool one more thread than it believes to have.</summary>
    /// <returns>False if it still cannot start one.</returns>
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

    /// <summary>Waits until the pool runs its work, and helps it if necessary. Takes some microseconds if the pool works, and at most 4 s.</summary>
    /// <returns>Whether the pool works.</returns>
    public static bool EnsureRuns()
    {
        // Not disposed: the probe may run after the last wait.
        var ran = new ManualResetEventSlim();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                ThreadPool.UnsafeQueueUserWorkItem(static ran => ran.Set(), ran, preferLocal: false);
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                // The work is queued nevertheless.
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
