namespace NetLoop.Demo.Display;

/// <summary>A wait that a cancellation ends without an exception.</summary>
internal static class PeriodicTimerExtensions
{
    /// <summary>Waits for the timer's next tick.</summary>
    /// <returns>False when the token was cancelled first.</returns>
    public static async ValueTask<bool> NextAsync(this PeriodicTimer timer, CancellationToken end)
    {
        try
        {
            return await timer.WaitForNextTickAsync(end).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
