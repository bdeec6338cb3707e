using NetLoop.Handlers;

namespace NetLoop.Hosting;

/// <summary>The game's own thread: drains the inbox and so runs handlers and ticks.</summary>
internal sealed class HandlerThread
{
    private const int MaxBatchesAtOnce = 64;

    /// <summary>How long the end waits for a handler that does not return; then the thread, a background one, is left alone.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan JoinStep = TimeSpan.FromMilliseconds(1);

    private readonly LoopCore _core;
    private readonly HandlerPump _pump;
    private readonly Thread _thread;

    public HandlerThread(LoopCore core, string name)
    {
        _core = core;
        _pump = new HandlerPump(core.Inbox, core.Clock);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Lets the thread drain the inbox and end. Thread: loop.</summary>
    /// <param name="meanwhile">What the loop does while it waits.</param>
    public void End(Action meanwhile)
    {
        _core.Inbox.Complete();
        long deadline = _core.Clock.ReadPrecise() + (EndTimeout.Ticks * 100);
        while (!_thread.Join(JoinStep) && _core.Clock.ReadPrecise() < deadline)
        {
            meanwhile();
        }
    }

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(new LoopSynchronizationContext(_core.Services));
        while (_core.Inbox.WaitToTake())
        {
            _pump.Run(MaxBatchesAtOnce);
        }
    }
}
