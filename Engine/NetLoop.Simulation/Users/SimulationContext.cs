using System.Collections.Concurrent;

namespace NetLoop.Simulation;

/// <summary>Runs continuations of the test's own asynchronous code on the thread that lets time pass, between two events.</summary>
internal sealed class SimulationContext : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A simulation does not wait for other threads; use Post.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the posted callbacks.</summary>
    /// <returns>Whether there were any.</returns>
    public bool RunPosted()
    {
        bool hasRun = false;
        while (_posted.TryDequeue(out (SendOrPostCallback Callback, object? State) posted))
        {
            hasRun = true;
            Call(() => posted.Callback(posted.State));
        }

        return hasRun;
    }

    /// <summary>Calls an action whose continuations return here.</summary>
    public void Call(Action action)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
