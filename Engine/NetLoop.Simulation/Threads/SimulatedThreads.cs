using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>The threads of one simulated process, of which one runs at a time.</summary>
/// <remarks>Thread: any of them, or the one that lets time pass.</remarks>
internal sealed class SimulatedThreads : IThreads
{
    /// <summary>Nanoseconds until a new thread runs, or a worker that was given work.</summary>
    private const long HandOver = 10_000;

    private const int MostWorkers = 16;

    private readonly List<SimulatedThread> _all = [];
    private readonly List<(object Monitor, SimulatedThread Thread)> _waiting = [];
    private readonly Queue<Action> _work = new();
    private readonly List<SimulatedThread> _idle = [];
    private readonly SeededRandom _random;
    private readonly ThreadSchedule _schedule;
    private int _workers;
    private int _untilPause;
    private bool _isDead;

    /// <param name="host">The host of the process.</param>
    /// <param name="schedule">How often the threads interrupt each other.</param>
    /// <param name="random">Decides which thread runs.</param>
    public SimulatedThreads(SimulatedHost host, ThreadSchedule schedule, SeededRandom random)
    {
        Host = host;
        _schedule = schedule;
        _random = random;
        _untilPause = DrawCalls();
    }

    public SimulatedHost Host { get; }

    /// <summary>Released by a thread that yields.</summary>
    public SemaphoreSlim Back { get; } = new(0);

    /// <summary>Whether one of them waits for a monitor.</summary>
    public bool AnyWaitsForAnother => _waiting.Count > 0;

    /// <summary>Called when all of them wait, on the last thread to do so: no work may be left for any of them.</summary>
    public Action? OnAllAsleep { get; set; }

    /// <summary>Maximum nanoseconds that a thread computes before others catch up.</summary>
    public long LongestRun => Math.Max(_schedule.LongestRun, 8 * Host.CallCost);

    public IStartedThread Start(string name, Action run) => StartThread(name, run);

    public SimulatedThread StartThread(string name, Action run)
    {
        var thread = new SimulatedThread(this, name, run);
        _all.Add(thread);
        thread.Begin(HandOver);
        return thread;
    }

    /// <summary>Queues work to the process's thread pool.</summary>
    public void Queue(Action work)
    {
        _work.Enqueue(work);
        if (_idle.Count > 0)
        {
            SimulatedThread worker = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            worker.WakeUp();
        }
        else if (_workers < MostWorkers)
        {
            StartThread($"worker {++_workers}", Work);
        }
    }

    public void Wait(object monitor)
    {
        SimulatedThread? me = SimulatedThread.Current;
        if (me is null)
        {
            Invariant.Fail("the thread that lets time pass would wait forever");
        }

        (object, SimulatedThread) entry = (monitor, me);
        _waiting.Add(entry);
        Monitor.Exit(monitor);
        try
        {
            while (_waiting.Contains(entry))
            {
                me.Block(long.MaxValue);
            }
        }
        finally
        {
            Monitor.Enter(monitor);
        }
    }

    public void PulseAll(object monitor)
    {
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_waiting[i].Monitor == monitor)
            {
                SimulatedThread thread = _waiting[i].Thread;
                _waiting.RemoveAt(i);
                thread.WakeUp();
            }
        }
    }

    /// <summary>Nanoseconds until a woken thread runs: occasionally as long as another thread's time slice.</summary>
    public long DrawWakeTime() => _random.Chance(_schedule.LateWakes) ? _random.Between(5_000L, 1_000_000L) : 5_000;

    /// <summary>How long the running thread pauses at this call; -1 if it continues at once.</summary>
    public long DrawPause()
    {
        if (--_untilPause > 0)
        {
            return -1;
        }

        _untilPause = DrawCalls();
        if (Host.Network.Faults.Hits(FaultClass.ThreadStall))
        {
            SeededRandom stream = Host.Network.Faults.StreamOf(FaultClass.ThreadStall);
            long stall = stream.Chance(0.1) ? stream.Between(50_000_000L, _schedule.LongestStall) : stream.Between(1_000_000L, 50_000_000L);
            return Math.Min(stall, Math.Max(0, Host.Network.FaultsEnd - Host.Now));
        }

        return _random.Next(4) switch
        {
            0 => 0,
            1 => _random.Between(0L, 2_000L),
            2 => _random.Between(1_000L, 50_000L),
            _ => _random.Between(10_000L, 500_000L),
        };
    }

    /// <summary>Called when a thread has started to wait.</summary>
    public void LookForWork()
    {
        if (OnAllAsleep is not null && !_isDead && _all.TrueForAll(static thread => thread.IsAsleep || thread.HasEnded))
        {
            OnAllAsleep();
        }
    }

    /// <summary>The process dies: its threads end wherever they are. Thread: the one that lets time pass.</summary>
    public void Kill()
    {
        if (_isDead)
        {
            return;
        }

        _isDead = true;
        for (int i = 0; i < _all.Count; i++)
        {
            _all[i].Kill();
            _all[i].Dispose();
        }

        Host.TakeBusy();
    }

    private int DrawCalls() => 1 + _random.Next(2 * _schedule.CallsBetweenPauses);

    private void Work()
    {
        SimulatedThread me = SimulatedThread.Current!;
        while (true)
        {
            if (_work.TryDequeue(out Action? work))
            {
                work();
            }
            else
            {
                _idle.Add(me);
                me.Block(long.MaxValue);
            }
        }
    }
}
