namespace NetLoop.Simulation;

/// <summary>The thread pool of one loop's host: work starts a little later, in virtual time, and off the loop.</summary>
internal sealed class WorkerContext(Simulator simulator, SimulatedHost host) : SynchronizationContext, ISimulatedEvent
{
    /// <summary>Nanoseconds until a worker takes the work.</summary>
    private const long HandOver = 10_000;

    private readonly Queue<Action> _work = new();

    /// <summary>The loop whose work this is.</summary>
    public LoopDriver? Driver { get; set; }

    public void Start(IThreadPoolWorkItem work) => Add(work.Execute);

    public override void Post(SendOrPostCallback d, object? state) => Add(() => d(state));

    public override SynchronizationContext CreateCopy() => this;

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (host.PausedUntil > host.Network.Events.Now)
        {
            host.Network.Events.Schedule(host.PausedUntil, this, 0);
            return;
        }

        Action work = _work.Dequeue();
        if (Driver is null or { IsOver: true })
        {
            return;
        }

        Driver.Core.Services.UnbindFromThread();
        SetSynchronizationContext(this);
        work();
        Driver.Core.BindToThread();
        simulator.LookAtLoops();
    }

    private void Add(Action work)
    {
        if (host.Threads is { } threads)
        {
            threads.Queue(() =>
            {
                SetSynchronizationContext(this);
                work();
            });
            return;
        }

        _work.Enqueue(work);
        host.Network.Events.Schedule(host.Network.Events.Now + HandOver, this, 0);
    }
}
