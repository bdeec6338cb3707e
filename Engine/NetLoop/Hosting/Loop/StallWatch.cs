using NetLoop.Messaging;

namespace NetLoop.Hosting.Loop;

/// <summary>
/// Names the handler that blocks the thread which runs handlers, above all one that waits for the response to its own request: only that thread could
/// deliver it, so nothing would ever happen again, and nothing would say why.
/// </summary>
/// <remarks>
/// A blocked loop cannot look at itself, so this is the engine's only timer outside the loop. It looks four times in the time after which it warns, and
/// counts looks instead of time: while the whole process stands still (a debugger, SIGSTOP) it does not look, and blames nobody.
/// Thread: a timer's, one look at a time.
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
    /// <param name="warnAfter">How long work may run; positive.</param>
    /// <param name="isTimed">False for a test, which calls <see cref="Look"/> itself.</param>
    public StallWatch(LoopCore core, TimeSpan warnAfter, bool isTimed = true)
    {
        _core = core;
        _work = core.Services.Work;
        _pause = warnAfter / LooksBeforeWarning;
        _timer = isTimed ? new Timer(static watch => ((StallWatch)watch!).Look(), this, _pause, _pause) : null;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks once.</summary>
    public void Look()
    {
        // A logger that blocks must not take one thread of the pool after the other.
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
            _warnAt *= 2; // A stall that lasts is reported again each time it has doubled.
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
