namespace NetLoop.Concurrency.Scenarios;

/// <summary>What scenarios share.</summary>
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

    /// <summary>Runs each on a thread of its own, and waits for all.</summary>
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
