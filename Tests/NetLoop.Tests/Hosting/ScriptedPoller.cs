namespace NetLoop.Tests.Hosting;

/// <summary>A poller that advances the time: a poll takes a microsecond, and a sleep takes the requested time plus the system's lateness.</summary>
internal sealed class ScriptedPoller(ManualTimeProvider time) : IPoller
{
    private static readonly TimeSpan LookTime = TimeSpan.FromMicroseconds(1);

    /// <summary>How late a sleep ends.</summary>
    public TimeSpan Lateness { get; set; }

    /// <summary>Number of waits without sleep.</summary>
    public int Looks { get; private set; }

    /// <summary>Number of waits with sleep.</summary>
    public int Sleeps { get; private set; }

    /// <summary>The number of waits after which one finds an event; null for never.</summary>
    public int? EventAfter { get; set; }

    /// <summary>Whether each sleep ends with an event.</summary>
    public bool SleepsFindAnEvent { get; set; }

    /// <summary>Called in each poll.</summary>
    public Action? OnLook { get; set; }

    public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
    {
        if (timeoutNanoseconds == 0)
        {
            Looks++;
            time.Advance(LookTime);
            OnLook?.Invoke();
        }
        else
        {
            Sleeps++;
        }

        if (EventAfter-- is 0 || (SleepsFindAnEvent && timeoutNanoseconds != 0))
        {
            EventAfter = null;
            events[0] = new ReadyEvent(new Token(0, 0), Readiness.Readable);
            return 1;
        }

        if (timeoutNanoseconds > 0)
        {
            time.Advance(timeoutNanoseconds + (Lateness.Ticks * TimeSpan.NanosecondsPerTick));
        }

        return 0;
    }

    public SocketStatus Add(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

    public SocketStatus Modify(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

    public SocketStatus Remove(SocketHandle socket) => SocketStatus.Ok;

    public void Wake()
    {
        // ConnectionSet's flag records the wake-up.
    }

    public void Dispose()
    {
        // There is nothing to release.
    }
}
