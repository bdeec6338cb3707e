using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <content>All the ways in which a connection ends.</content>
internal abstract partial class SimulatedSocket
{
    /// <summary>Closes it, as its process or, for a process that died, the kernel does.</summary>
    public void Close(bool reset)
    {
        Invariant.Holds(!IsClosed);
        IsClosed = true;
        if (State != SocketState.Listening)
        {
            Disconnect(reset);
            return;
        }

        while (Waiting.TryDequeue(out SimulatedSocket? waiting))
        {
            waiting.Abandon();
        }
    }

    /// <summary>The machine dies: nothing is sent any more, nothing answered.</summary>
    public void Vanish()
    {
        IsClosed = true;
        IsVanished = true;
        Outgoing?.Kill();
        if (Peer is { KeepAlive: true, IsClosed: false } peer)
        {
            peer.ScheduleTimeout(KeepAliveTimeout);
        }
    }

    /// <summary>The connection is lost on the way: this side learns the status at its next call, the other by a reset.</summary>
    public void Lose(SocketStatus status)
    {
        SendReset();
        Break(status);
        TakeError(out _);
    }

    /// <summary>The connection dies without a word: this side learns the status, the other side nothing until it sends.</summary>
    public void LoseSilently(SocketStatus status)
    {
        Break(status);
        TakeError(out _);
    }

    /// <summary>Its process has closed it, whatever its connection is like.</summary>
    /// <param name="reset">Whether the process wants what is unsent to be discarded.</param>
    protected abstract void Disconnect(bool reset);

    /// <summary>Its listener was closed before it was accepted.</summary>
    protected abstract void Abandon();

    /// <summary>Something arrives that it has no use for any more.</summary>
    protected abstract void Refuse(SimulatedSocket writer);

    /// <summary>What a reset that arrives means to it.</summary>
    /// <returns>The error that its next call tells; null when it means nothing.</returns>
    protected abstract SocketStatus? StatusOfReset();

    /// <summary>The connection is over; the status is what the next call tells, Ok for none.</summary>
    protected void Break(SocketStatus status)
    {
        State = SocketState.Broken;
        _error = status;
        Outgoing?.Kill();
        Touch();
    }

    /// <summary>An error is told once.</summary>
    protected bool TakeError(out SocketStatus error)
    {
        error = _error;
        _error = SocketStatus.Ok;
        return error != SocketStatus.Ok;
    }

    /// <summary>A reset goes to the peer, behind what was sent before: the way keeps the order.</summary>
    protected void SendReset()
    {
        if (Peer is { } peer)
        {
            peer.ScheduleReset(ArrivalAtPeer);
        }
    }

    /// <summary>A reset goes to a writer whose bytes arrived in vain.</summary>
    protected void AnswerWithReset(SimulatedSocket writer) => writer.ScheduleReset(_way!.ArrivalOfControl(Network.Events.Now));

    private void OnReset()
    {
        if (State != SocketState.Broken && !IsVanished && StatusOfReset() is { } status)
        {
            Break(status);
        }
    }

    private void OnTimeout(long knownArrivals)
    {
        _isTimeoutScheduled = false;
        if (State == SocketState.Connected && Outgoing!.Arrived == knownArrivals && (Outgoing.Reader.IsVanished || Outgoing.Unacknowledged > 0))
        {
            Break(SocketStatus.TimedOut);
        }
    }

    private void ScheduleReset(long time)
    {
        if (time == Link.Never)
        {
            return; // Nobody sends a reset again. The peer learns when it sends, or by its own timeouts.
        }

        if (time <= Network.Events.Now)
        {
            OnReset();
        }
        else
        {
            Network.Events.Schedule(time, this, EventReset);
        }
    }

    /// <summary>The kernel gives the connection up if nothing that was sent is acknowledged within its user timeout.</summary>
    public void GiveUpUnlessAcknowledged() => ScheduleTimeout(UserTimeout > 0 ? UserTimeout : DefaultUserTimeout);

    private void ScheduleTimeout(long after)
    {
        if (!_isTimeoutScheduled && !IsVanished)
        {
            _isTimeoutScheduled = true;
            Network.Events.Schedule(Network.Events.Now + after, this, EventUserTimeout, Outgoing?.Arrived ?? 0);
        }
    }
}
