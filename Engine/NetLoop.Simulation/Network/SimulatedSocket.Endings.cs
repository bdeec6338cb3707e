using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <content>All ways in which a connection ends.</content>
internal abstract partial class SimulatedSocket
{
    /// <summary>Closes the socket, as its process does, or the kernel for a dead process.</summary>
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

    /// <summary>The machine dies: nothing is sent or answered any more.</summary>
    public void Vanish()
    {
        IsClosed = true;
        IsVanished = true;
        Outgoing?.Kill();
        Forget();
        if (Peer is { KeepAlive: true, IsClosed: false } peer)
        {
            peer.ScheduleTimeout(KeepAliveTimeout);
        }
    }

    /// <summary>The connection is lost: this side gets the status from its next call, and the other side gets a reset.</summary>
    public void Lose(SocketStatus status)
    {
        SendReset();
        Break(status);
        TakeError(out _);
    }

    /// <summary>The connection is lost silently: this side gets the status, and the other side notices nothing until it sends.</summary>
    public void LoseSilently(SocketStatus status)
    {
        Break(status);
        TakeError(out _);
    }

    /// <summary>Called when its process has closed it, whatever the state of the connection.</summary>
    /// <param name="reset">Whether the process wants unsent bytes to be discarded.</param>
    protected abstract void Disconnect(bool reset);

    /// <summary>Called when its machine died.</summary>
    protected virtual void Forget()
    {
    }

    /// <summary>Called when its listener was closed before it was accepted.</summary>
    protected abstract void Abandon();

    /// <summary>Called when a segment arrives that it can no longer use.</summary>
    protected abstract void Refuse(SimulatedSocket writer);

    /// <summary>The effect of a reset that arrives.</summary>
    /// <returns>The error that its next call returns; null if the reset has no effect.</returns>
    protected abstract SocketStatus? StatusOfReset();

    /// <summary>Ends the connection. The next call returns the status; Ok for none.</summary>
    protected void Break(SocketStatus status)
    {
        State = SocketState.Broken;
        _error = status;
        Outgoing?.Kill();
        Touch();
    }

    /// <summary>Sets the error that the next call returns, without ending anything.</summary>
    protected void SetError(SocketStatus status)
    {
        _error = status;
        Touch();
    }

    /// <summary>Whether an error waits for the next call.</summary>
    protected bool HasError => _error != SocketStatus.Ok;

    /// <summary>Takes the error, which is returned only once.</summary>
    protected bool TakeError(out SocketStatus error)
    {
        error = _error;
        _error = SocketStatus.Ok;
        return error != SocketStatus.Ok;
    }

    /// <summary>Sends a reset to the peer, after everything sent before, because the link keeps the order.</summary>
    protected void SendReset()
    {
        if (Peer is { } peer)
        {
            peer.ScheduleReset(ArrivalAtPeer);
        }
    }

    /// <summary>Sends a reset to a writer whose bytes cannot be received.</summary>
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
            return; // A lost reset is not sent again. The peer notices when it sends, or by its own timeouts.
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

    /// <summary>Lets the kernel give up the connection if nothing is acknowledged within its user timeout.</summary>
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
