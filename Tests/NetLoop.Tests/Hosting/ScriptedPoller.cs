namespace NetLoop.Tests.Hosting;

/// <summary>A poller in whose waits time passes: a look takes a microsecond, a sleep takes as long as asked and the lateness of the system more.</summary>
internal sealed class ScriptedPoller(ManualTimeProvider time) : IPoller
{
    private static readonly TimeSpan LookTime = TimeSpan.FromMicroseconds(1);

    /// <summary>How late a sleep ends.</summary>
    public TimeSpan Lateness { get; set; }

    /// <summary>Waits without sleep.</summary>
    public int Looks { get; private set; }

    /// <summary>Waits with sleep.</summary>
    public int Sleeps { get; private set; }

    /// <summary>The wait after so many others from now finds an event; null for never.</summary>
    public int? EventAfter { get; set; }

    /// <summary>Whether each sleep ends with an event.</summary>
    public bool SleepsFindAnEvent { get; set; }

    /// <summary>Called in each look.</summary>
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
        // Whoever waits is told by ConnectionSet's flag.
    }

    public void Dispose()
    {
        // Holds nothing.
    }
}
