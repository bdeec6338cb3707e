namespace NetLoop.Concurrency.Scenarios;

/// <summary>Helpers that scenarios share.</summary>
internal static class Expect
{
    /// <summary>Fails the schedule.</summary>
    public static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }

    /// <summary>Runs each action on its own thread, and waits for all of them.</summary>
    public static void AllEnd(params Action[] bodies)
    {
        Thread[] threads = [.. bodies.Select(body => new Thread(() => body()))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }
}
