using NetLoop.Diagnostics;
using NetLoop.Handlers;

namespace NetLoop.Hosting.Loop;

/// <summary>The game's own thread: drains the inbox and so runs handlers and ticks.</summary>
/// <remarks>
/// A change of threads costs as much as some ten messages, and on a shared core the woken thread takes the core at once. So the loop wakes this
/// one when it has nothing more to do itself, or when what it has handed over has waited for <see cref="LongestWait"/>.
/// This thread sleeps in a poller without sockets: a wake there is one call for either side, where a monitor or an event of the runtime wakes a
/// thread that then waits for a lock which the waker still holds.
/// </remarks>
internal sealed class HandlerThread
{
    /// <summary>Nanoseconds that a message may wait for those behind it.</summary>
    /// <remarks>
    /// What it is worth, measured by the echo of 100 and 1,000 connections with 1 and 16 messages in flight: 1.01 to 1.08 times the messages of a loop that
    /// wakes the thread at once.
    /// </remarks>
    private const long LongestWait = 100_000;

    private static readonly TimeSpan JoinStep = TimeSpan.FromMilliseconds(1);

    private readonly LoopCore _core;
    private readonly HandlerPump _pump;
    private readonly Action<Exception> _onFailed;
    private readonly IPoller _sleep;
    private readonly ReadyEvent[] _noEvents = new ReadyEvent[1];
    private readonly IStartedThread _thread;
    private FaultLimiter _interruptLines;
    private bool _isAsleep;
    private long _owesSince = long.MaxValue;

    public HandlerThread(LoopCore core, IThreads threads, IPoller ownedSleep, string name, Action<Exception> onFailed)
    {
        _onFailed = onFailed;
        _core = core;
        _pump = core.CreateDedicatedPump();
        _sleep = ownedSleep;
        _thread = threads.Start(name, Run);
    }

    /// <summary>Whether there is something for the thread, which sleeps. Thread: loop.</summary>
    public bool IsOwedAWake
    {
        get
        {
            // Either this sees the flag or the thread sees the batch: neither looks before it has written.
            Interlocked.MemoryBarrier();
            return Volatile.Read(ref _isAsleep) && _core.Inbox.HasBatch;
        }
    }

    /// <summary>Wakes the thread if it has been owed that for long. Thread: loop.</summary>
    /// <returns>Whether it may go on sleeping for now, although there is something for it.</returns>
    public bool WakeIfItWaitedLong(long now)
    {
        if (!IsOwedAWake)
        {
            _owesSince = long.MaxValue;
            return false;
        }

        _owesSince = Math.Min(_owesSince, now);
        if (now - _owesSince < LongestWait)
        {
            return true;
        }

        Wake();
        return false;
    }

    /// <summary>Wakes the thread if it sleeps. Thread: loop.</summary>
    public void Wake()
    {
        _owesSince = long.MaxValue;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep))
        {
            Volatile.Write(ref _isAsleep, false);
            _sleep.Wake();
        }
    }

    /// <summary>
    /// Lets the thread drain the inbox and end. To be called when the command queue is complete, so that no handler waits for room in it.
    /// Thread: loop.
    /// </summary>
    /// <param name="deadline">Loop time until which to wait for a handler that does not return; then the thread, a background one, is left alone.</param>
    /// <returns>False when a handler does not return in time.</returns>
    public bool TryEnd(long deadline)
    {
        do
        {
            _core.Inbox.TryComplete();
            Wake();
            if (_thread.Join(JoinStep))
            {
                _sleep.Dispose();
                return true;
            }
        }
        while (_core.Clock.ReadPrecise() < deadline);
        return false;
    }

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(new LoopSynchronizationContext(_core.Services));
        _core.Services.Work.BindToThread();
        try
        {
            while (!_core.Inbox.IsOver || _pump.IsInBatch)
            {
                RunOrBeInterrupted();
            }
        }
#pragma warning disable CA1031 // Handlers' own faults end inside the pump: this is a bug of ours, which ends the loop, not the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _onFailed(exception);
        }
    }

    /// <summary>Delivers what there is and sleeps. An interrupt is a handler's mistake: it ends a wait of the engine's, which is begun again.</summary>
    private void RunOrBeInterrupted()
    {
        try
        {
            _pump.Run(long.MaxValue);
            Sleep();
        }
        catch (ThreadInterruptedException exception)
        {
            if (_interruptLines.TryEnter(ref _core.Counters.HandlerFaults, _core.Clock.ReadPrecise(), out long suppressed))
            {
                HostingLog.Interrupted(_core.Logger, suppressed, exception);
            }

            _core.Wake(); // It may have been about to hear of room in the inbox.
        }
    }

    /// <summary>Sleeps until there is something to take.</summary>
    private void Sleep()
    {
        Volatile.Write(ref _isAsleep, true);
        Interlocked.MemoryBarrier();
        if (!_core.Inbox.HasBatch && !_core.Inbox.IsOver)
        {
            _sleep.Wait(_noEvents, timeoutNanoseconds: -1);
        }

        Volatile.Write(ref _isAsleep, false);
    }
}
