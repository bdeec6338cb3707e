namespace NetLoop.Diagnostics;

/// <summary>Completes tasks that the application awaits.</summary>
/// <remarks>
/// Continuations go to the thread pool, which may be unable to start a thread, or to a synchronization context of the application, which may throw. Either
/// concerns the awaiting code, not the thread that completes the task. Thread: any.
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
            ThreadPoolRescue.TryAddThread(); // The task is completed, and the continuation is queued.
        }
#pragma warning disable CA1031 // An exception of the application's synchronization context.
        catch (Exception exception) when (exception is not InvariantViolationException)
#pragma warning restore CA1031
        {
            // Code that awaits with such a context is not notified, as with any other thread.
        }
    }
}
