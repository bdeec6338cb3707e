using System.Diagnostics;
using System.Runtime.ExceptionServices;
using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>
/// A thread of a simulated process. It is a real thread, so that it can be stopped anywhere, but only one of them runs at a time, as the seed decides.
/// </summary>
/// <remarks>
/// A thread yields when it waits, when it has computed for a long time, and, as the seed decides, at any call that the simulation sees: system calls, reads
/// of the clock, wake-ups, log lines. Until its next turn the others run, the network continues and time passes.
/// </remarks>
internal sealed class SimulatedThread : IStartedThread, ISimulatedEvent, IDisposable
{
    /// <summary>Real time after which a thread that does not yield must be waiting for something outside the simulation.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [ThreadStatic]
    private static SimulatedThread? _current;

    private readonly SimulatedThreads _threads;
    private readonly Action _run;
    private readonly SemaphoreSlim _turn = new(0);
    private readonly List<SimulatedThread> _joiners = [];
    private ExceptionDispatchInfo? _failure;
    private bool _isStarted;
    private long _version;
    private long _localTime;

    public SimulatedThread(SimulatedThreads threads, string name, Action run)
    {
        _threads = threads;
        _run = run;
        Name = name;
    }

    /// <summary>The simulated thread of the caller; null on the thread that lets time pass.</summary>
    public static SimulatedThread? Current => _current;

    public string Name { get; }

    public bool HasEnded { get; private set; }

    /// <summary>Whether it waits and has not been woken yet.</summary>
    public bool IsAsleep { get; private set; }

    /// <summary>Whether its process died, so that anything it does while it unwinds has no effect.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>Number of system calls it made, not counting waits in pollers.</summary>
    public long Calls { get; set; }

    private SimulatedHost Host => _threads.Host;

    private EventQueue Events => Host.Network.Events;

    /// <summary>Starts it after a delay.</summary>
    public void Begin(long delay) => ScheduleAt(Host.Now + delay);

    /// <summary>Yields until a virtual time.</summary>
    public void SleepUntil(long time)
    {
        long local = Host.Now;
        time = Math.Max(time, local);
        Host.TakeBusy();
        if (Host.PausedUntil <= Events.Now && Events.TryPass(time))
        {
            return; // No other thread has work before that time.
        }

        ScheduleAt(time);
        GiveTurnAway();
    }

    /// <summary>Yields until it is woken, or until a virtual time.</summary>
    /// <param name="time"><see cref="long.MaxValue"/> for never.</param>
    public void Block(long time)
    {
        _localTime = Host.Now;
        Host.TakeBusy();
        IsAsleep = true;
        _threads.LookForWork();
        if (time != long.MaxValue)
        {
            ScheduleAt(Math.Max(time, _localTime));
        }

        GiveTurnAway();
        IsAsleep = false;
    }

    /// <summary>Ends its <see cref="Block"/>, if it is blocked. Thread: another one.</summary>
    public void WakeUp()
    {
        if (IsAsleep)
        {
            IsAsleep = false;
            ScheduleAt(Math.Max(Host.Now + _threads.DrawWakeTime(), _localTime));
        }
    }

    /// <summary>Called at each call that the simulation sees: the seed may decide that others run first.</summary>
    public void Pass()
    {
        if (IsKilled)
        {
            Die();
        }

        long pause = _threads.DrawPause();
        if (pause >= 0 || Host.Busy > _threads.LongestRun)
        {
            SleepUntil(Host.Now + Math.Max(pause, 0));
        }
    }

    public bool Join(TimeSpan atMost)
    {
        if (!HasEnded)
        {
            SimulatedThread me = Current!;
            _joiners.Add(me);
            me.Block(Host.Now + (atMost.Ticks * TimeSpan.NanosecondsPerTick));
            _joiners.Remove(me);
        }

        return HasEnded;
    }

    /// <summary>Ends the thread wherever it is. Thread: the one that lets time pass.</summary>
    public void Kill()
    {
        IsKilled = true;
        if (_isStarted && !HasEnded)
        {
            TakeTurn();
        }

        HasEnded = true;
    }

    public void Dispose() => _turn.Dispose();

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (argument != _version || HasEnded)
        {
            return;
        }

        if (Host.PausedUntil > Events.Now)
        {
            ScheduleAt(Host.PausedUntil);
            return;
        }

        _version++;
        if (!_isStarted)
        {
            _isStarted = true;
            new Thread(Run) { Name = Name, IsBackground = true }.Start();
        }

        TakeTurn();
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    /// <summary>Ends this thread wherever it is.</summary>
    private void Die()
    {
        // A task that runs a continuation would pass an exception to the thread pool, where it would end the real process.
        bool wouldEscape = new StackTrace().ToString().Contains("AwaitTaskContinuation", StringComparison.Ordinal);
        if (wouldEscape)
        {
            HasEnded = true;
            _threads.Back.Release();
            Thread.Sleep(Timeout.Infinite);
        }

        throw new InvariantViolationException("The process of this thread has died.");
    }

    private void ScheduleAt(long time) => Events.Schedule(time, this, 0, ++_version);

    /// <summary>Runs it until it yields.</summary>
    private void TakeTurn()
    {
        _turn.Release();
        if (!_threads.Back.Wait(Patience))
        {
            Invariant.Fail($"the simulated thread {Name} of {Host.Name} waits for something that is not simulated");
        }
    }

    private void GiveTurnAway()
    {
        _threads.Back.Release();
        _turn.Wait();
        if (IsKilled)
        {
            Die();
        }
    }

    private void Run()
    {
        _turn.Wait();
        _current = this;
        try
        {
            if (!IsKilled)
            {
                _run();
            }
        }
#pragma warning disable CA1031 // Any exception of the engine ends the world, on the thread that lets time pass.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = IsKilled ? null : ExceptionDispatchInfo.Capture(exception);
        }

        HasEnded = true;
        Host.TakeBusy();
        if (!IsKilled)
        {
            _joiners.ForEach(static joiner => joiner.WakeUp());
        }

        _threads.Back.Release();
    }
}
