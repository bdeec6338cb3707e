#pragma warning disable CA1031 // Whatever the thread pool throws, the work is done later and the loop continues.

using System.Collections.Concurrent;
using NetLoop.Diagnostics;
using NetLoop.Time;

namespace NetLoop.Hosting.Loop;

/// <summary>Queues work to the thread pool, and keeps work that the pool cannot start until it can.</summary>
/// <remarks>
/// The pool throws when the process has no descriptor or memory for a thread, but it may have queued the work nevertheless. So work may be executed once more
/// than it was started. Thread: <see cref="Start"/> any, the rest the loop.
/// </remarks>
internal sealed class WorkStarter(LoopCore core, Action<IThreadPoolWorkItem> start) : ILoopParticipant, ITimerTarget
{
    private const long FirstPause = 10_000_000;
    private const long LongestPause = 1_000_000_000;

    // At most one entry for each worker of the offloaded handlers.
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _unstarted = new();
    private LogLimiter _lines;
    private TimerHandle _timer;
    private long _pause = FirstPause;
    private bool _isWaiting;
    private int _count;

    /// <summary>Starts work now, or as soon as the pool can. Does not throw.</summary>
    public void Start(IThreadPoolWorkItem work)
    {
        if (!TryStart(work))
        {
            Keep(work);
            core.Wake();
        }
    }

    void ILoopParticipant.OnIterationEnded()
    {
        if (Volatile.Read(ref _count) > 0 && !_isWaiting)
        {
            _isWaiting = true;
            _timer = core.Transport.Timers.Schedule(core.Clock.PeerTime + _pause, this);
            _pause = Math.Min(2 * _pause, LongestPause);
        }
    }

    void ITimerTarget.OnTimer()
    {
        _isWaiting = false;
        if (StartKept())
        {
            _pause = FirstPause;
        }
    }

    /// <summary>The last attempt: the loop is ending and has closed its descriptors.</summary>
    public void End()
    {
        core.Transport.Timers.Cancel(_timer);
        _isWaiting = true;
        StartKept();
    }

    private bool StartKept()
    {
        for (int count = Volatile.Read(ref _count); count > 0 && _unstarted.TryDequeue(out IThreadPoolWorkItem? work); count--)
        {
            Interlocked.Decrement(ref _count);
            ThreadPoolRescue.TryAddThread();
            if (!TryStart(work))
            {
                Keep(work);
                return false;
            }
        }

        return true;
    }

    private void Keep(IThreadPoolWorkItem work)
    {
        _unstarted.Enqueue(work);
        Interlocked.Increment(ref _count);
    }

    private bool TryStart(IThreadPoolWorkItem work)
    {
        try
        {
            start(work);
            return true;
        }
        catch (Exception exception)
        {
            if (_lines.TryEnter(core.Clock.ReadPrecise(), out long suppressed))
            {
                HostingLog.WorkNotStarted(core.Logger, suppressed, exception);
            }

            return false;
        }
    }
}
