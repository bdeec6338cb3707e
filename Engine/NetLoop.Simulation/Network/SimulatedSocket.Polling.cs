namespace NetLoop.Simulation;

/// <content>What a poller wants to know of it.</content>
internal abstract partial class SimulatedSocket
{
    /// <summary>The poller it is registered with.</summary>
    public SimulatedPoller? Poller { get; set; }

    public Interest Interest { get; set; }

    public Token Token { get; set; }

    /// <summary>Whether its poller looks at it at the next wait.</summary>
    public bool IsCandidate { get; set; }

    /// <summary>Since when it has been ready for what its poller wants to know, in virtual time; -1 when it is not.</summary>
    public long ReadySince { get; set; } = -1;

    /// <summary>How often in a row it was reported ready without a call that looked at it.</summary>
    public int UnservedReports { get; set; }

    /// <summary>Calls of its process that named it.</summary>
    public long Looks { get; set; }

    /// <summary>What a poller would tell of it now.</summary>
    public abstract Readiness CurrentReadiness();

    /// <summary>What its poller is to tell: what it asked for, and failures in any case.</summary>
    public Readiness WantedReadiness()
    {
        Readiness readiness = CurrentReadiness();
        if (Host.StopsReading && State == SocketState.Connected)
        {
            readiness &= ~Readiness.Readable;
        }

        if ((readiness & Readiness.Failed) != 0)
        {
            return (Interest & Interest.Writable) != 0 ? readiness : readiness & ~Readiness.Writable;
        }

        if ((Interest & Interest.Writable) != 0 && (readiness & Readiness.Writable) == 0 && State == SocketState.Connected && !WantsRoom)
        {
            // To have asked in vain is to ask to be told (SOCK_NOSPACE in tcp_poll).
            WantsRoom = true;
            Outgoing!.AskForRoom();
        }

        return readiness & (Readiness)(int)Interest;
    }

    /// <summary>Something changed: its poller should look.</summary>
    public void Touch() => Poller?.AddCandidate(this);
}
