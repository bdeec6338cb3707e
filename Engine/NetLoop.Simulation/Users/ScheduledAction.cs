namespace NetLoop.Simulation;

/// <summary>Something that the test does at a moment of virtual time, once or again and again.</summary>
/// <param name="simulator">Whose time it is.</param>
/// <param name="context">Where what it awaits goes on.</param>
/// <param name="action">What it does.</param>
/// <param name="period">Nanoseconds from one time to the next; 0 for once.</param>
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
