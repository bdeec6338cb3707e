namespace NetLoop.Simulation;

/// <summary>An action of the test at a virtual time, once or repeatedly.</summary>
/// <param name="simulator">The simulator, whose time is used.</param>
/// <param name="context">The context for continuations of the action.</param>
/// <param name="action">The action.</param>
/// <param name="period">Nanoseconds between two calls; 0 for a single call.</param>
internal sealed class ScheduledAction(Simulator simulator, SimulationContext context, Action action, long period) : ISimulatedEvent, IDisposable
{
    private bool _isDisposed;

    public void Begin(long after) => simulator.Network.Events.Schedule(simulator.Network.Events.Now + after, this, 0);

    public void Dispose() => _isDisposed = true;

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (_isDisposed)
        {
            return;
        }

        if (period > 0)
        {
            Begin(period);
        }

        context.Call(action);
        simulator.LookAtLoops();
    }
}
