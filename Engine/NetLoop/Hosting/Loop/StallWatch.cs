using NetLoop.Messaging;

namespace NetLoop.Hosting.Loop;

/// <summary>
/// Logs a handler that blocks the thread on which handlers run. The worst case is a handler that blocks until its own request gets a response: only that
/// thread can deliver the response, so the server would hang silently.
/// </summary>
/// <remarks>
/// A blocked loop cannot check itself, so this class has the only timer of the engine outside the loop. It checks four times within the warning time, and
/// counts checks instead of time: while the whole process is stopped (by a debugger or SIGSTOP) there are no checks, and no handler is blamed. Thread: a
/// timer's, one check at a time.
/// </remarks>
internal sealed class StallWatch : IDisposable
{
    private const int LooksBeforeWarning = 4;

    private readonly LoopCore _core;
    private readonly RunningWork _work;
    private readonly TimeSpan _pause;
    private readonly Timer? _timer;
    private int _isLooking;
    private long _seenRun = -1;
    private long _seenIteration = -1;
    private int _looks;
    private int _warnAt = LooksBeforeWarning;

    /// <param name="core">The loop to watch.</param>
    /// <param name="warnAfter">How long code may run before the warning; positive.</param>
    /// <param name="isTimed">False for a test, which calls <see cref="Look"/> itself.</param>
    public StallWatch(LoopCore core, TimeSpan warnAfter, bool isTimed = true)
    {
        _core = core;
        _work = core.Services.Work;
        _pause = warnAfter / LooksBeforeWarning;
        _timer = isTimed ? new Timer(static watch => ((StallWatch)watch!).Look(), this, _pause, _pause) : null;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Checks once.</summary>
    public void Look()
    {
        // A logger that blocks must not occupy more and more threads of the pool.
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return;
        }

        string? name = _work.Name;
        long run = name is null ? -1 : _work.Count;
        long iteration = _core.IsWaiting ? -1 : Volatile.Read(ref _core.Counters.Iterations);
        bool isSame = name is not null ? run == _seenRun : iteration >= 0 && iteration == _seenIteration && _seenRun < 0;
        _seenRun = run;
        _seenIteration = iteration;
        if (!isSame)
        {
            _looks = 0;
            _warnAt = LooksBeforeWarning;
        }
        else if (++_looks >= _warnAt)
        {
            _warnAt *= 2; // A stall that continues is logged again each time its duration has doubled.
            Warn(name);
        }

        Volatile.Write(ref _isLooking, 0);
    }

    private void Warn(string? name)
    {
        double seconds = (_looks * _pause).TotalSeconds;
        if (name is null)
        {
            HostingLog.LoopStalled(_core.Logger, seconds);
        }
        else if (_work.Request is { IsCompleted: false } request)
        {
            HostingLog.HandlerAwaitsItself(_core.Logger, name, seconds, request.Name);
        }
        else
        {
            HostingLog.HandlerStalled(_core.Logger, name, seconds);
        }
    }
}
