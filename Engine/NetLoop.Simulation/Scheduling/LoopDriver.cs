using NetLoop.Handlers;
using NetLoop.Hosting.Loop;

namespace NetLoop.Simulation;

/// <summary>Runs the iterations of one event loop when its host would: when a socket is ready, a deadline has come, or the loop was woken.</summary>
/// <remarks>Everything runs on the simulation's thread. The loop is bound to that thread, except while dedicated or offloaded handlers run.</remarks>
internal sealed class LoopDriver : ISimulatedEvent
{
    private const int EventIterate = 0;
    private const int EventHandle = 1;

    /// <summary>Nanoseconds from a publication in the inbox until a dedicated handlers' thread runs.</summary>
    private const long HandOver = 5_000;

    private readonly LoopSynchronizationContext _context;
    private readonly HandlerPump? _dedicated;
    private readonly SimulatedThreads? _threads;
    private SimulatedThread? _thread;
    private long _scheduledAt = long.MaxValue;
    private long _version;
    private long _resumesAt;
    private long _lastIteration;
    private bool _isHandlingScheduled;
    private bool _isRunning;

    public LoopDriver(SimulatedHost host, EventLoop loop, bool isDedicated)
    {
        Host = host;
        Loop = loop;
        Poller = (SimulatedPoller)Core.Transport.Poller;
        _context = new LoopSynchronizationContext(Core.Services);
        _threads = host.Threads;
        _dedicated = isDedicated && _threads is null ? Core.CreateDedicatedPump() : null;
    }

    public SimulatedHost Host { get; }

    public EventLoop Loop { get; }

    public LoopCore Core => Loop.Core;

    public SimulatedPoller Poller { get; }

    /// <summary>Whether the loop has ended or its host died.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the caller is inside one of its iterations.</summary>
    public bool IsIterating => _isRunning;

    /// <summary>Whether the loop has its own simulated thread.</summary>
    public bool IsThreaded => _threads is not null;

    /// <summary>Number of system calls made by the loop.</summary>
    public long Calls => _thread?.Calls ?? Host.Calls;

    /// <summary>Number of iterations.</summary>
    public long Iterations { get; private set; }

    /// <summary>Virtual nanoseconds between the starts of the last two iterations; between their ends if the loop has its own thread.</summary>
    public long SinceLastIteration { get; private set; }

    /// <summary>Called before and after every iteration.</summary>
    public Action<LoopDriver, bool>? OnIteration { get; set; }

    private EventQueue Events => Host.Network.Events;

    /// <summary>Starts the loop; its listeners are open.</summary>
    public void Start()
    {
        if (_threads is not null)
        {
            Core.Services.UnbindFromThread();
            Loop.StartHandlers();
            _thread = _threads.StartThread($"loop {Core.Services.LoopIndex}", RunThread);
            return;
        }

        Loop.Begin();
        Poller.OnReady = WakeUp;
        Look();
    }

    /// <summary>The process dies, and everything in memory with it.</summary>
    public void Kill()
    {
        IsOver = true;
        Poller.OnReady = null;
        _threads?.Kill();
    }

    /// <summary>Nothing runs on this loop until the given time.</summary>
    public void PauseUntil(long time)
    {
        _resumesAt = Math.Max(_resumesAt, time);
        Host.PausedUntil = Math.Max(Host.PausedUntil, time);
        if (_scheduledAt != long.MaxValue)
        {
            ScheduleAt(_scheduledAt, isAgain: true);
        }
    }

    /// <summary>The virtual time until which nothing runs.</summary>
    public long ResumesAt => _resumesAt;

    /// <summary>Posts an action to the loop, as from another thread.</summary>
    public void Post(Action action)
    {
        if (_threads is not null)
        {
            _threads.Queue(() => Loop.Post(action)); // The call may have to wait for room.
            return;
        }

        Core.Services.UnbindFromThread();
        Loop.Post(action);
        Core.BindToThread();
    }

    /// <summary>Schedules the loop's next iteration.</summary>
    public void Look()
    {
        if (IsOver || _isRunning || _threads is not null)
        {
            return;
        }

        // With handlers on their own thread, envelopes added between two iterations wait for an iteration that publishes them.
        if (Poller.HasReady || (_dedicated is not null && !_isHandlingScheduled && Core.Inbox.Depth > 0))
        {
            ScheduleAt(Events.Now);
            return;
        }

        long due = Core.NextDue();
        if (due != long.MaxValue)
        {
            long remaining = due - Core.Clock.ReadPrecise();
            ScheduleAt(remaining <= 0 ? Events.Now : Host.Clock.After(remaining));
        }
    }

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (IsOver)
        {
            return;
        }

        if (kind == EventHandle)
        {
            _isHandlingScheduled = false;
            if (Host.PausedUntil > Events.Now)
            {
                ScheduleHandling();
                return;
            }

            Handle();
        }
        else if (argument == _version)
        {
            _scheduledAt = long.MaxValue;
            Iterate();
        }
    }

    private void WakeUp()
    {
        if (!_isRunning && !IsOver)
        {
            ScheduleAt(Events.Now);
        }
    }

    private void ScheduleAt(long time, bool isAgain = false)
    {
        time = Math.Max(time, _resumesAt);
        if (isAgain || time < _scheduledAt)
        {
            _scheduledAt = time;
            Events.Schedule(time, this, EventIterate, ++_version);
        }
    }

    /// <summary>The code of the loop's own thread, as in production.</summary>
    private void RunThread()
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        Loop.Begin();
        bool goesOn;
        do
        {
            OnIteration?.Invoke(this, true);
            goesOn = Loop.Iterate();
            Iterations++;
            SinceLastIteration = Host.Now - _lastIteration;
            _lastIteration = Host.Now;
            if (goesOn)
            {
                AfterIteration();
            }
        }
        while (goesOn);

        Exception? failure = Loop.HandlersFailure;
        Loop.Finish(failure);
        IsOver = true;
        AfterIteration();
        if (failure is not null)
        {
            throw new InvalidOperationException($"The handlers' thread ended: {failure.Message}", failure);
        }
    }

    private void AfterIteration()
    {
        Host.Network.Trace.Event(TraceCode.Iteration, Host.Index, Core.Counters.BytesIn, Core.Counters.BytesOut);
        OnIteration?.Invoke(this, false);
    }

    private void Iterate()
    {
        _isRunning = true;
        SinceLastIteration = Events.Now - _lastIteration;
        _lastIteration = Events.Now;
        Core.BindToThread();
        SynchronizationContext.SetSynchronizationContext(_context);
        OnIteration?.Invoke(this, true);
        bool goesOn = Loop.Iterate();
        Iterations++;
        if (!goesOn)
        {
            Loop.Finish(null);
            IsOver = true;
        }

        AfterIteration();
        Rest();
        if (_dedicated is not null)
        {
            ScheduleHandling();
        }
    }

    /// <summary>Lets the computing time pass before the next iteration.</summary>
    private void Rest()
    {
        _isRunning = false;
        _resumesAt = Math.Max(_resumesAt, Host.Now);
        Look();
        Host.TakeBusy();
    }

    private void ScheduleHandling()
    {
        if (!_isHandlingScheduled && !IsOver && Core.Inbox.Depth > 0)
        {
            _isHandlingScheduled = true;
            Events.Schedule(Math.Max(Events.Now + HandOver, _resumesAt), this, EventHandle);
        }
    }

    /// <summary>Runs the handlers' thread once, which for the loop is another thread.</summary>
    private void Handle()
    {
        Core.Services.UnbindFromThread();
        SynchronizationContext.SetSynchronizationContext(_context);
        _dedicated!.Run(long.MaxValue);
        Core.BindToThread();
        Rest();
        ScheduleHandling();
    }
}
