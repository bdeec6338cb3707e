namespace NetLoop.Stack.Linux;

/// <summary>Ends repeated waits for the same deadline through one timerfd, so that these waits need no timeout.</summary>
/// <remarks>
/// Thread: the poller's. A wait that sleeps with a timeout starts a timer in the kernel and stops it when an event comes. A busy loop sleeps a hundred times
/// between two ticks, which together takes a thirtieth of its work at 60,000 messages a second. Register it edge-triggered, so that nobody has to read it;
/// setting the alarm again clears an expiration that was not read.
/// </remarks>
internal sealed unsafe class EpollAlarm : IDisposable
{
    private const long Never = long.MaxValue;

    private long _setFor = Never;
    private long _lastDeadline = Never;

    public EpollAlarm()
    {
        Descriptor = Libc.TimerCreate(Libc.CLOCK_MONOTONIC, Libc.TFD_NONBLOCK | Libc.TFD_CLOEXEC);
        if (Descriptor < 0)
        {
            throw new IOException($"Cannot create a timerfd for the poller: {Errno.ToStatus(Libc.LastError)}.");
        }
    }

    public int Descriptor { get; }

    /// <summary>
    /// Whether the alarm is set for a deadline. It is set only when the same deadline is requested twice in a row: setting it for a deadline that is used
    /// once costs as much as it saves.
    /// </summary>
    /// <param name="now">The caller's time, before the deadline.</param>
    /// <param name="deadline">The time of the alarm.</param>
    public bool IsSetFor(long now, long deadline)
    {
        if (deadline != _setFor)
        {
            if (deadline != _lastDeadline)
            {
                _lastDeadline = deadline;
                return false;
            }

            TimerSpec once = new() { First = new TimeSpec(deadline - now) };
            _setFor = Libc.TimerSetTime(Descriptor, 0, &once, null) < 0 ? Never : deadline;
        }

        return deadline == _setFor;
    }

    /// <summary>Call this when a wait reported the alarm.</summary>
    public void Rang() => _setFor = Never;

    public void Dispose() => _ = Libc.Close(Descriptor);
}
