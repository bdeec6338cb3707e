namespace NetLoop.Simulation;

/// <summary>A Unix stream socket: each side sees the actions of the other as soon as possible.</summary>
/// <remarks>
/// A close shuts down both directions for the peer, with an error if bytes were unread; a reset is the same as a close. A process on another host is reached
/// over the link between the hosts, because containers may share directories. Source: af_unix.c of Linux.
/// </remarks>
internal sealed class SimulatedUnixSocket(SimulatedNetwork network, SimulatedHost host, SocketState state) : SimulatedSocket(network, host, state)
{
    private const int EventPeerClosed = FirstOwnEvent;

    public override SocketResult Receive(Span<byte> buffer)
    {
        if (State == SocketState.Listening)
        {
            return new SocketResult(SocketStatus.InvalidCall, 0);
        }

        if (Unread > 0)
        {
            return new SocketResult(SocketStatus.Ok, Incoming!.Read(buffer));
        }

        if (TakeError(out SocketStatus error))
        {
            return new SocketResult(error, 0);
        }

        bool isOver = State == SocketState.Broken || Incoming!.IsEndArrived;
        return new SocketResult(isOver ? SocketStatus.Ok : SocketStatus.WouldBlock, 0);
    }

    public override SocketResult Send(ReadOnlySpan<SendSegment> segments, int most) => State switch
    {
        SocketState.Listening => new SocketResult(SocketStatus.NotConnected, 0),
        SocketState.Connected when !Outgoing!.IsEnded => Put(segments, most),
        _ => new SocketResult(SocketStatus.BrokenPipe, 0),
    };

    public override SocketStatus ShutdownSend()
    {
        if (State == SocketState.Connected)
        {
            Outgoing!.End();
            Touch();
        }

        return SocketStatus.Ok;
    }

    public override SocketStatus FinishConnect()
    {
        if (TakeError(out SocketStatus error))
        {
            return error;
        }

        return State == SocketState.Listening ? SocketStatus.InProgress : SocketStatus.Ok;
    }

    public override Readiness CurrentReadiness()
    {
        switch (State)
        {
            case SocketState.Listening:
                return Waiting.Count > 0 ? Readiness.Readable : Readiness.None;

            case SocketState.Broken:
                return Readiness.Readable | Readiness.Writable | Readiness.Failed;

            default:
                bool isEnded = Incoming!.IsEndArrived;
                Readiness readiness = isEnded || Unread > 0 ? Readiness.Readable : Readiness.None;
                readiness |= Outgoing!.IsWritable ? Readiness.Writable : Readiness.None;
                return isEnded && Outgoing.IsEnded ? readiness | Readiness.Failed : readiness;
        }
    }

    protected override void Disconnect(bool reset)
    {
        if (State == SocketState.Connected)
        {
            ClosePeer(Unread > 0 ? SocketStatus.ConnectionReset : SocketStatus.Ok);
        }
    }

    protected override void Abandon() => ClosePeer(SocketStatus.ConnectionReset);

    protected override void Refuse(SimulatedSocket writer)
    {
        // The writer is told, or has been told, that its peer is gone.
    }

    protected override SocketStatus? StatusOfReset() => SocketStatus.ConnectionReset;

    protected override void OnOwnEvent(int kind, long argument)
    {
        if (kind == EventPeerClosed && State != SocketState.Broken && !IsVanished)
        {
            Break((SocketStatus)argument);
        }
    }

    private void ClosePeer(SocketStatus error)
    {
        long time = ArrivalAtPeer;
        var peer = (SimulatedUnixSocket)Peer!;
        if (time == Link.Never)
        {
            return;
        }

        if (time <= Network.Events.Now)
        {
            peer.OnOwnEvent(EventPeerClosed, (long)error);
        }
        else
        {
            Network.Events.Schedule(time, peer, EventPeerClosed, (long)error);
        }
    }
}
