using NetLoop.Handlers;

namespace NetLoop.Hosting;

/// <summary>The game's own thread: drains the inbox and so runs handlers and ticks.</summary>
internal sealed class HandlerThread
{
    private static readonly TimeSpan JoinStep = TimeSpan.FromMilliseconds(1);

    private readonly LoopCore _core;
    private readonly HandlerPump _pump;
    private readonly Action<Exception> _onFailed;
    private readonly Thread _thread;

    public HandlerThread(LoopCore core, string name, Action<Exception> onFailed)
    {
        _onFailed = onFailed;
        _core = core;
        _pump = new HandlerPump(core.Inbox, core.Clock);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Lets the thread drain the inbox and end. To be called when the outbox is complete, so that no handler waits for room in it. Thread: loop.</summary>
    /// <param name="deadline">Loop time until which to wait for a handler that does not return; then the thread, a background one, is left alone.</param>
    /// <returns>False when a handler does not return in time.</returns>
    public bool TryEnd(long deadline)
    {
        do
        {
            _core.Inbox.TryComplete();
            if (_thread.Join(JoinStep))
            {
                return true;
            }
        }
        while (_core.Clock.ReadPrecise() < deadline);
        return false;
    }

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(new LoopSynchronizationContext(_core.Services));
        try
        {
            while (_core.Inbox.WaitToTake())
            {
                _pump.Run(long.MaxValue);
            }
        }
#pragma warning disable CA1031 // Handlers' own faults end inside the pump: this is a bug of ours, which ends the loop, not the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _onFailed(exception);
        }
    }
}
