namespace NetLoop.Diagnostics;

/// <summary>Completes tasks that the application awaits.</summary>
/// <remarks>
/// Continuations go to the thread pool, which may be unable to start a thread, or to a synchronization context of the application's, which may throw.
/// Either is the business of who awaits, not of the thread that completes.
/// Thread: any.
/// </remarks>
internal static class Awaited
{
    /// <summary>Calls a method that completes a task, and contains the exceptions of its continuations.</summary>
    public static void Complete<TState>(TState state, Action<TState> complete)
    {
        try
        {
            complete(state);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            ThreadPoolRescue.TryAddThread(); // The task is completed, and the continuation in the queue.
        }
#pragma warning disable CA1031 // Of the application's synchronization context.
        catch (Exception exception) when (exception is not InvariantViolationException)
#pragma warning restore CA1031
        {
            // Who awaits with such a context hears nothing, as it would from any other thread.
        }
    }
}
