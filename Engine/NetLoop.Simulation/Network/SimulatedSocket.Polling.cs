namespace NetLoop.Simulation;

/// <content>The state that a poller needs.</content>
internal abstract partial class SimulatedSocket
{
    /// <summary>The poller it is registered with.</summary>
    public SimulatedPoller? Poller { get; set; }

    public Interest Interest { get; set; }

    public Token Token { get; set; }

    /// <summary>Whether its poller checks it in the next wait.</summary>
    public bool IsCandidate { get; set; }

    /// <summary>The virtual time since which it has been ready for its poller's interest; -1 if it is not ready.</summary>
    public long ReadySince { get; set; } = -1;

    /// <summary>Number of times in a row that it was reported ready without a system call on it.</summary>
    public int UnservedReports { get; set; }

    /// <summary>Number of its process's calls on it.</summary>
    public long Looks { get; set; }

    /// <summary>The readiness that a poller would report now.</summary>
    public abstract Readiness CurrentReadiness();

    /// <summary>The readiness that its poller must report: its interest, and failures in any case.</summary>
    public Readiness WantedReadiness()
    {
        Readiness readiness = CurrentReadiness();
        if (Host.StopsReading && State is SocketState.Connected or SocketState.Datagram)
        {
            readiness &= ~Readiness.Readable;
        }

        if ((readiness & Readiness.Failed) != 0)
        {
            return (Interest & Interest.Writable) != 0 ? readiness : readiness & ~Readiness.Writable;
        }

        if ((Interest & Interest.Writable) != 0 && (readiness & Readiness.Writable) == 0 && State == SocketState.Connected && !WantsRoom)
        {
            // A failed send is a request to be notified (SOCK_NOSPACE in tcp_poll).
            WantsRoom = true;
            Outgoing!.AskForRoom();
        }

        return readiness & (Readiness)(int)Interest;
    }

    /// <summary>Called after a change that its poller should check.</summary>
    public void Touch() => Poller?.AddCandidate(this);
}
