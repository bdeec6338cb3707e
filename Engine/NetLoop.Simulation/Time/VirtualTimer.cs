namespace NetLoop.Simulation;

/// <summary>A timer of application code in virtual time.</summary>
internal sealed class VirtualTimer(SimulatedHost host, TimerCallback callback, object? state) : ITimer, ISimulatedEvent
{
    private readonly int _process = host.Deaths;
    private long _version;
    private TimeSpan _period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _version++;
        _period = period;
        if (dueTime >= TimeSpan.Zero)
        {
            host.Network.Events.Schedule(host.Now + (dueTime.Ticks * 100), this, 0, _version);
        }

        return true;
    }

    public void Dispose() => _version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (argument != _version || _process != host.Deaths)
        {
            return;
        }

        if (host.PausedUntil > host.Network.Events.Now)
        {
            host.Network.Events.Schedule(host.PausedUntil, this, 0, _version);
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            host.Network.Events.Schedule(host.Network.Events.Now + (_period.Ticks * 100), this, 0, _version);
        }

        if (host.Threads is { } threads)
        {
            threads.Queue(() => callback(state));
            return;
        }

        // Without a context, so that code on a loop that awaits this timer is posted to the loop instead of continuing here.
        SynchronizationContext.SetSynchronizationContext(null);
        callback(state);
        host.Network.LookAtLoops();
    }
}
