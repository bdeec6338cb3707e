namespace NetLoop.Diagnostics;

/// <summary>The system's threads.</summary>
internal sealed class SystemThreads : IThreads
{
    private SystemThreads()
    {
    }

    public static SystemThreads Instance { get; } = new();

    public IStartedThread Start(string name, Action run)
    {
        var thread = new Thread(() =>
        {
            NetActivities.LeaveCurrent();
            run();
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();
        return new Started(thread);
    }

    public void Wait(object monitor) => Monitor.Wait(monitor);

    public void PulseAll(object monitor) => Monitor.PulseAll(monitor);

    private sealed class Started(Thread thread) : IStartedThread
    {
        public bool Join(TimeSpan atMost) => thread.Join(atMost);
    }
}
