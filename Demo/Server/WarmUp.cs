namespace NetLoop.Demo.Server;

/// <summary>The first seconds of a server, in which its code is compiled, so that late ticks are expected.</summary>
internal static class WarmUp
{
    /// <summary>The duration.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Excludes the warm-up from the tick statistics, unless the run ends before it is over. Call this before the server starts.
    /// </summary>
    public static void LeaveOut(NetServer server, ServerSettings settings)
    {
        // The loop writes the histograms: if handlers run on another thread, a tick cannot reset them.
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
