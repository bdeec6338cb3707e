namespace NetLoop.Simulation;

/// <summary>A TCP socket.</summary>
/// <remarks>Source: tcp.c, tcp_input.c and af_inet.c of Linux.</remarks>
internal sealed class SimulatedTcpSocket(SimulatedNetwork network, SimulatedHost host, SocketState state) : SimulatedSocket(network, host, state)
{
    private bool _isDisconnected;

    /// <summary>Whether both directions have ended and the peer knows it, so that the kernel no longer has a connection.</summary>
    private bool IsFinished => IsEndedBothWays && Outgoing!.IsEndKnown;

    private bool IsEndedBothWays => State == SocketState.Connected && Outgoing!.IsEnded && Incoming!.IsEndArrived;

    public override SocketResult Receive(Span<byte> buffer)
    {
        if (State == SocketState.Listening)
        {
            return new SocketResult(SocketStatus.NotConnected, 0);
        }

        if (Unread > 0)
        {
            return new SocketResult(SocketStatus.Ok, Incoming!.Read(buffer));
        }

        // The end of the stream is reported before a later error, and does not clear it.
        if (Incoming is { IsEndArrived: true })
        {
            return new SocketResult(SocketStatus.Ok, 0);
        }

        if (TakeError(out SocketStatus error))
        {
            return new SocketResult(error, 0);
        }

        if (_isDisconnected)
        {
            return new SocketResult(SocketStatus.NotConnected, 0);
        }

        return new SocketResult(State == SocketState.Broken ? SocketStatus.Ok : SocketStatus.WouldBlock, 0);
    }

    public override SocketResult Send(ReadOnlySpan<SendSegment> segments, int most)
    {
        if (TakeError(out SocketStatus error))
        {
            return new SocketResult(error, 0);
        }

        return State switch
        {
            SocketState.Connecting => new SocketResult(SocketStatus.WouldBlock, 0),
            SocketState.Connected when !Outgoing!.IsEnded => Put(segments, most),
            _ => new SocketResult(SocketStatus.BrokenPipe, 0),
        };
    }

    public override SocketStatus ShutdownSend()
    {
        switch (State)
        {
            case SocketState.Connecting:
                _isDisconnected = true;
                Break(SocketStatus.ConnectionReset);
                return SocketStatus.Ok;

            case SocketState.Connected when !IsFinished:
                Outgoing!.End();
                Touch();
                return SocketStatus.Ok;

            case SocketState.Listening:
                return SocketStatus.Ok;

            default:
                return SocketStatus.NotConnected;
        }
    }

    public override SocketStatus FinishConnect()
    {
        if (TakeError(out SocketStatus error))
        {
            return error;
        }

        // A socket without a peer name is not connected yet or no longer connected; the error distinguishes the two, and is returned only once.
        return State == SocketState.Connected && !IsFinished ? SocketStatus.Ok : SocketStatus.InProgress;
    }

    public override Readiness CurrentReadiness()
    {
        const Readiness Everything = Readiness.Readable | Readiness.Writable | Readiness.Failed;
        switch (State)
        {
            case SocketState.Listening:
                return Waiting.Count > 0 ? Readiness.Readable : Readiness.None;

            case SocketState.Connecting:
                return Readiness.None;

            case SocketState.Broken:
                return Everything;

            default:
                if (IsEndedBothWays)
                {
                    return Everything;
                }

                bool isReadable = Unread > 0 || Incoming!.IsEndArrived;
                bool isWritable = Outgoing!.IsEnded || Outgoing.IsWritable;
                return (isReadable ? Readiness.Readable : Readiness.None) | (isWritable ? Readiness.Writable : Readiness.None);
        }
    }

    protected override void Disconnect(bool reset)
    {
        if (State == SocketState.Connecting)
        {
            // The server may already have the connection; the reset ends it.
            SendReset();
        }
        else if (State == SocketState.Connected && !IsFinished)
        {
            // Linux sends a reset when the process leaves bytes unread, so that the peer learns that not everything was read. After both directions have
            // ended, there is nothing left to discard.
            if (Unread > 0 || (reset && !(IsEndedBothWays && Outgoing!.IsAllSent)))
            {
                SendReset();
                Break(SocketStatus.Ok);
            }
            else
            {
                Outgoing!.End();
            }
        }
    }

    protected override void Abandon() => Close(reset: true);

    protected override void Refuse(SimulatedSocket writer)
    {
        AnswerWithReset(writer);
        if (State == SocketState.Connected)
        {
            // Bytes for a closed socket end the connection in both directions (TCPAbortOnData).
            Break(SocketStatus.ConnectionReset);
        }
    }

    protected override SocketStatus? StatusOfReset() => State switch
    {
        SocketState.Connecting => SocketStatus.ConnectionRefused,
        _ when IsFinished => null,
        _ when Incoming!.IsEndArrived && !Outgoing!.IsEnded => SocketStatus.BrokenPipe,
        _ => SocketStatus.ConnectionReset,
    };
}
