namespace NetLoop.Concurrency.Scenarios;

/// <summary>A whole loop starts and ends while other threads use it.</summary>
internal static class LoopScenarios
{
    [Scenario]
    public static void Loop_StoppedFromSeveralThreads_RunsWhatWasPosted() => StopWhilePosting(HandlerMode.Loop);

    [Scenario]
    public static void LoopWithHandlersThread_StoppedFromSeveralThreads_RunsWhatWasPosted() => StopWhilePosting(HandlerMode.Dedicated);

    /// <summary>The continuation of a handler runs on the loop, or elsewhere if the loop has ended: it is never lost.</summary>
    [Scenario]
    public static void Loop_StartedTwiceOrStoppedBefore_RunsOnce()
    {
        EventLoop loop = Create(HandlerMode.Loop, out MemoryNetwork _);
        int started = 0;
        void Start()
        {
            try
            {
                loop.StartThread();
                Interlocked.Increment(ref started);
            }
            catch (InvalidOperationException)
            {
                // Another thread has started or stopped it.
            }
        }

        Expect.AllEnd(Start, Start, () => Ending.Await(loop.StopAsync(TimeSpan.Zero)));
        Ending.Await(loop.StopAsync(TimeSpan.Zero));
        Expect.That(started <= 1, $"started {started} times");
        Expect.That(!loop.Post(() => { }), "posted after the end");
    }

    private static void StopWhilePosting(HandlerMode handlers)
    {
        EventLoop loop = Create(handlers, out MemoryNetwork network);
        loop.StartThread();
        int taken = 0;
        int ran = 0;
        void Post()
        {
            for (int i = 0; i < 2; i++)
            {
                if (loop.Post(() => ran++))
                {
                    Interlocked.Increment(ref taken);
                }
            }
        }

        Expect.AllEnd(
            Post,
            Post,
            () => Ending.Await(loop.StopAsync(TimeSpan.Zero)),
            () => Ending.Await(loop.DisposeAsync().AsTask()));
        Expect.That(loop.Completion.IsCompletedSuccessfully, "the loop failed");
        Expect.That(ran == taken, $"{taken} actions were taken, {ran} ran");
        Expect.That(!loop.Post(() => ran++), "posted after the end");
        Expect.That(loop.Core.Pool.Statistics.RentedLeases == 0 && network.OpenSockets == 0, "something is left open");
    }

    private static EventLoop Create(HandlerMode handlers, out MemoryNetwork network)
    {
        network = new MemoryNetwork();
        var options = new EventLoopOptions();
        Engine.Configure(options, network, handlers);
        options.MaxQueuedCommands = 1;
        return new EventLoop(options);
    }
}
