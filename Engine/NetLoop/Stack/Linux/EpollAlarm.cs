namespace NetLoop.Stack.Linux;

/// <summary>Ends waits for a deadline that is waited for again and again, through a timerfd: such waits need no timeout.</summary>
/// <remarks>
/// Thread: that of the poller. A wait with a timeout that sleeps starts a timer of the kernel and stops it again when an event comes, and a busy loop
/// sleeps a hundred times between two ticks: together a thirtieth of what it does for 60,000 messages a second.
/// To be registered edge-triggered, so that nobody has to read it; a ring that was not collected yet is gone when the alarm is set anew.
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
            throw new IOException($"No timerfd for the poller: {Errno.ToStatus(Libc.LastError)}.");
        }
    }

    public int Descriptor { get; }

    /// <summary>
    /// Whether the alarm rings at a deadline. It is armed only when the same deadline is asked for twice in a row: arming it for one that
    /// is used once costs as much as it saves.
    /// </summary>
    /// <param name="now">The caller's time, before the deadline.</param>
    /// <param name="deadline">When to ring.</param>
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

    /// <summary>To be called when a wait saw it ring.</summary>
    public void Rang() => _setFor = Never;

    public void Dispose() => _ = Libc.Close(Descriptor);
}
