namespace NetLoop.Demo.Server;

/// <summary>The first seconds of a server: its code is being compiled, so that its ticks are late is no news.</summary>
internal static class WarmUp
{
    /// <summary>How long it takes.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Leaves the warm-up out of what is said about ticks; a run that ends sooner has nothing else to say. To be called before the server
    /// starts.
    /// </summary>
    public static void LeaveOut(NetServer server, ServerSettings settings)
    {
        // The histograms are written by the loop: with handlers on another thread they cannot be reset from a tick.
        if (settings.HandlerMode != HandlerMode.Loop)
        {
            return;
        }

        LoopStatistics statistics = server.GetStatistics();
        double lastTick = Time.TotalSeconds * settings.TickRate;
        bool isOver = false;
        server.OnTick(tick =>
        {
            if (!isOver && tick.Number >= lastTick)
            {
                isOver = true;
                statistics.TickTime.Reset();
                statistics.TickLateness.Reset();
            }
        });
    }
}
