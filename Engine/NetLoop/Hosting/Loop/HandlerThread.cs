using NetLoop.Diagnostics;
using NetLoop.Handlers;

namespace NetLoop.Hosting.Loop;

/// <summary>The thread for handlers and ticks: drains the inbox.</summary>
/// <remarks>
/// A thread switch costs as much as about ten messages, and on a shared core the woken thread takes the core at once. So the loop wakes this thread when the
/// loop itself has nothing more to do, or when messages have waited for <see cref="LongestWait"/>. The thread sleeps in a poller without sockets, where a
/// wake-up is one system call on either side. A monitor or event of the runtime would wake a thread that then waits for a lock which the waker still holds.
/// </remarks>
internal sealed class HandlerThread
{
    /// <summary>Nanoseconds that a message may wait for the messages after it.</summary>
    /// <remarks>
    /// Its gain, measured by the echo of 100 and 1,000 connections with 1 and 16 messages in flight: 1.01 to 1.08 times the messages of a loop that wakes the
    /// thread at once.
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

    /// <summary>Whether the thread sleeps although there is work for it. Thread: loop.</summary>
    public bool IsOwedAWake
    {
        get
        {
            // Either this side sees the flag or the thread sees the batch, because both write before they read.
            Interlocked.MemoryBarrier();
            return Volatile.Read(ref _isAsleep) && _core.Inbox.HasBatch;
        }
    }

    /// <summary>Wakes the thread if work has waited for it long enough. Thread: loop.</summary>
    /// <returns>Whether the thread may sleep on for now although there is work for it.</returns>
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
    /// Lets the thread drain the inbox and end. Called when the command queue is complete, so that no handler waits for room in it. Thread: loop.
    /// </summary>
    /// <param name="deadline">
    /// Loop time until which to wait for a handler that does not return. After that the thread, which is a background thread, is abandoned.
    /// </param>
    /// <returns>False if a handler does not return in time.</returns>
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
#pragma warning disable CA1031 // Exceptions of handlers are caught in the pump: this is a bug in the engine, which ends the loop but not the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _onFailed(exception);
        }
    }

    /// <summary>Delivers all messages and sleeps. An interrupt is a mistake of a handler: it ends a wait of the engine, which then waits again.</summary>
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

            _core.Wake(); // The loop might otherwise miss that there is room in the inbox.
        }
    }

    /// <summary>Sleeps until there is work.</summary>
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
