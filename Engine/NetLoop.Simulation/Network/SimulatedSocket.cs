using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>One socket of a simulated host: what the kernel knows of it.</summary>
/// <remarks>
/// A closed socket lives on without its handle until its peer has everything, as in a kernel. Behaviour is that of Linux: tcp.c, tcp_input.c,
/// af_unix.c; the parity suite holds it to the real one.
/// </remarks>
internal sealed class SimulatedSocket : ISimulatedEvent
{
    private const int EventConnected = 0;
    private const int EventReset = 1;
    private const int EventUserTimeout = 2;
    private const int EventConnectFailed = 3;

    /// <summary>Nanoseconds after which the kernel gives up when no user time-out is set: about what tcp_retries2 comes to.</summary>
    private const long DefaultUserTimeout = 924_000_000_000;

    /// <summary>Nanoseconds: 5 s idle and three probes 4 s apart, as the engine asks for.</summary>
    private const long KeepAliveTimeout = 17_000_000_000;

    private readonly SimulatedNetwork _network;
    private Pipe? _outgoing;
    private Pipe? _incoming;
    private Link? _way;
    private SocketStatus _error;
    private bool _isTimeoutScheduled;

    public SimulatedSocket(SimulatedNetwork network, SimulatedHost host, SocketState state)
    {
        _network = network;
        Host = host;
        State = state;
    }

    public SimulatedHost Host { get; }

    /// <summary>Its handle's number while it is open.</summary>
    public int Handle { get; set; } = -1;

    public SocketState State { get; private set; }

    /// <summary>Whether its process has closed it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether its machine died while it was open: nobody answers for it any more.</summary>
    public bool IsVanished { get; private set; }

    public NetEndpoint Local { get; init; }

    public NetEndpoint Remote { get; init; }

    public int SendBufferBytes { get; set; }

    public int ReceiveBufferBytes { get; set; }

    /// <summary>Nanoseconds; 0 leaves it to the kernel.</summary>
    public long UserTimeout { get; set; }

    public bool KeepAlive { get; set; }

    /// <summary>Whether a send found less room than it needed.</summary>
    public bool WantsRoom { get; private set; }

    /// <summary>Connections that wait to be accepted; of a listener.</summary>
    public Queue<SimulatedSocket> Waiting { get; } = new();

    /// <summary>Connections that may wait.</summary>
    public int Backlog { get; init; }

    /// <summary>The poller it is registered with.</summary>
    public SimulatedPoller? Poller { get; set; }

    public Interest Interest { get; set; }

    public Token Token { get; set; }

    /// <summary>Whether its poller looks at it at the next wait.</summary>
    public bool IsCandidate { get; set; }

    /// <summary>Since when it has been ready for what its poller wants to know, in virtual time; -1 when it is not.</summary>
    public long ReadySince { get; set; } = -1;

    /// <summary>Bytes received and not read.</summary>
    public int Unread => _incoming?.Available ?? 0;

    /// <summary>The connection's other socket.</summary>
    public SimulatedSocket? Peer => _outgoing?.Reader;

    private bool IsLocal => Remote.Kind == EndpointKind.Unix || Local.Kind == EndpointKind.Unix;

    /// <summary>Makes a connecting socket and an accepted one the two ends of a connection.</summary>
    public static void Join(SimulatedNetwork network, SimulatedSocket client, SimulatedSocket server)
    {
        Link there = network.LinkBetween(client.Host, server.Host);
        Link back = network.LinkBetween(server.Host, client.Host);
        bool isLocal = client.IsLocal;
        client._outgoing = new Pipe(network, client, server, there, back, isLocal);
        server._outgoing = new Pipe(network, server, client, back, there, isLocal);
        client._incoming = server._outgoing;
        server._incoming = client._outgoing;
        client._way = there;
        server._way = back;
        server.State = SocketState.Connected;
    }

    /// <summary>The server's answer is under way.</summary>
    public void ConnectAt(long time)
    {
        _incoming!.StartAt(time);
        if (time <= _network.Events.Now)
        {
            BecomeConnected();
        }
        else
        {
            _network.Events.Schedule(time, this, EventConnected);
        }
    }

    /// <summary>The attempt fails.</summary>
    public void FailConnectAt(long time, SocketStatus status)
    {
        if (time <= _network.Events.Now)
        {
            Break(status);
        }
        else
        {
            _network.Events.Schedule(time, this, EventConnectFailed, (long)status);
        }
    }

    public SocketResult Receive(Span<byte> buffer)
    {
        if (State is SocketState.Listening)
        {
            return new SocketResult(SocketStatus.NotConnected, 0);
        }

        if (_incoming is { Available: > 0 })
        {
            return new SocketResult(SocketStatus.Ok, _incoming.Read(buffer));
        }

        if (TakeError(out SocketStatus error))
        {
            return new SocketResult(error, 0);
        }

        if (State == SocketState.Broken || _incoming is { IsEndArrived: true })
        {
            return new SocketResult(SocketStatus.Ok, 0);
        }

        return new SocketResult(SocketStatus.WouldBlock, 0);
    }

    /// <summary>Takes as many bytes as fit, at most <paramref name="most"/>.</summary>
    public SocketResult Send(ReadOnlySpan<SendSegment> segments, int most)
    {
        if (State == SocketState.Listening)
        {
            return new SocketResult(SocketStatus.BrokenPipe, 0);
        }

        if (TakeError(out SocketStatus error))
        {
            return new SocketResult(error, 0);
        }

        if (State == SocketState.Broken || _outgoing is { IsEnded: true } || (IsLocal && _outgoing is { Reader.IsClosed: true }))
        {
            return new SocketResult(SocketStatus.BrokenPipe, 0);
        }

        if (State == SocketState.Connecting)
        {
            return new SocketResult(SocketStatus.WouldBlock, 0);
        }

        int room = Math.Min(_outgoing!.Room, most);
        int sent = 0;
        WantsRoom = false;
        foreach (SendSegment segment in segments)
        {
            ReadOnlySpan<byte> bytes = segment.Bytes;
            int count = Math.Min(bytes.Length, room - sent);
            _outgoing.Write(bytes[..count]);
            sent += count;
            WantsRoom |= count < bytes.Length;
        }

        _outgoing.Transmit();
        if (WantsRoom)
        {
            _outgoing.AskForRoom();
        }

        return sent > 0 ? new SocketResult(SocketStatus.Ok, sent) : new SocketResult(SocketStatus.WouldBlock, 0);
    }

    public SocketStatus ShutdownSend()
    {
        if (State != SocketState.Connected)
        {
            return SocketStatus.NotConnected;
        }

        _outgoing!.End();
        return SocketStatus.Ok;
    }

    public SocketStatus FinishConnect()
    {
        if (TakeError(out SocketStatus error))
        {
            return error;
        }

        return State switch
        {
            SocketState.Connected => SocketStatus.Ok,
            SocketState.Connecting => SocketStatus.InProgress,
            _ => SocketStatus.NotConnected,
        };
    }

    /// <summary>Closes it, as its process or, for a process that died, the kernel does.</summary>
    public void Close(bool reset)
    {
        Invariant.Holds(!IsClosed);
        IsClosed = true;
        if (State == SocketState.Listening)
        {
            while (Waiting.TryDequeue(out SimulatedSocket? waiting))
            {
                waiting.Close(reset: true);
            }

            return;
        }

        if (State == SocketState.Connected)
        {
            if (reset || Unread > 0)
            {
                // Linux resets when the process leaves bytes unread, so that the peer learns that not everything was taken.
                SendReset();
                _outgoing!.Kill();
            }
            else
            {
                _outgoing!.End();
            }

            if (IsLocal)
            {
                Peer!.Touch();
            }
        }
        else if (State == SocketState.Connecting)
        {
            // The server may know of a connection already; the reset finds it.
            SendReset();
        }
    }

    /// <summary>The machine dies: nothing is sent any more, nothing answered.</summary>
    public void Vanish()
    {
        IsClosed = true;
        IsVanished = true;
        _outgoing?.Kill();
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

    /// <summary>Whether bytes or the end of the stream can arrive here. If not, what the kernel answers is on its way.</summary>
    public bool CanReceive(Pipe pipe, bool hasBytes)
    {
        if (IsVanished)
        {
            if (Host.IsUp)
            {
                // The machine runs again and knows nothing of this connection.
                pipe.Writer.ScheduleReset(_way!.ArrivalOfControl(_network.Events.Now));
            }
            else
            {
                pipe.Writer.GiveUpUnlessAcknowledged();
            }

            return false;
        }

        if (State == SocketState.Broken || (IsClosed && hasBytes))
        {
            pipe.Writer.ScheduleReset(_way!.ArrivalOfControl(_network.Events.Now));
            return false;
        }

        return true;
    }

    /// <summary>The peer's stream ended here.</summary>
    public void OnEndArrived() => Touch();

    /// <summary>What a poller would tell of it now.</summary>
    public Readiness CurrentReadiness()
    {
        switch (State)
        {
            case SocketState.Listening:
                return Waiting.Count > 0 ? Readiness.Readable : Readiness.None;

            case SocketState.Connecting:
                return _error == SocketStatus.Ok ? Readiness.None : Readiness.Readable | Readiness.Writable | Readiness.Failed;

            case SocketState.Broken:
                return Readiness.Readable | Readiness.Writable | Readiness.Failed;
        }

        Readiness readiness = Readiness.None;
        bool isEndArrived = _incoming!.IsEndArrived;
        if (_incoming.Available > 0 || isEndArrived)
        {
            readiness |= Readiness.Readable;
        }

        if (_outgoing!.IsEnded || _outgoing.IsWritable || (IsLocal && _outgoing.Reader.IsClosed))
        {
            readiness |= Readiness.Writable;
        }

        if (isEndArrived && (_outgoing.IsEnded || IsLocal && _outgoing.Reader.IsClosed))
        {
            readiness |= Readiness.Failed | Readiness.Readable;
        }

        return readiness;
    }

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

        return readiness & (Readiness)(int)Interest;
    }

    /// <summary>Something changed: its poller should look.</summary>
    public void Touch() => Poller?.AddCandidate(this);

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        switch (kind)
        {
            case EventConnected:
                BecomeConnected();
                break;

            case EventReset:
                OnReset();
                break;

            case EventConnectFailed:
                Break((SocketStatus)argument);
                break;

            default:
                OnTimeout(argument);
                break;
        }
    }

    private void BecomeConnected()
    {
        if (State == SocketState.Connecting && !IsClosed)
        {
            State = SocketState.Connected;
            Touch();
        }
    }

    private void OnReset()
    {
        if (State == SocketState.Broken || IsVanished)
        {
            return;
        }

        // Source: tcp_reset in tcp_input.c.
        SocketStatus status = State switch
        {
            SocketState.Connecting => SocketStatus.ConnectionRefused,
            _ when _incoming!.IsEndArrived && !_outgoing!.IsEnded => SocketStatus.BrokenPipe,
            _ => SocketStatus.ConnectionReset,
        };
        Break(status);
    }

    private void OnTimeout(long knownArrivals)
    {
        _isTimeoutScheduled = false;
        if (State == SocketState.Connected && _outgoing!.Arrived == knownArrivals && (_outgoing.Reader.IsVanished || _outgoing.Unacknowledged > 0))
        {
            Break(SocketStatus.TimedOut);
        }
    }

    private void Break(SocketStatus status)
    {
        State = SocketState.Broken;
        _error = status;
        _outgoing?.Kill();
        Touch();
    }

    private bool TakeError(out SocketStatus error)
    {
        error = _error;
        _error = SocketStatus.Ok;
        return error != SocketStatus.Ok;
    }

    private void SendReset()
    {
        if (Peer is { } peer)
        {
            // Behind what was sent before: the way keeps the order.
            peer.ScheduleReset(Math.Max(_way!.ArrivalOfControl(Host.Now), _outgoing!.LastArrival));
        }
    }

    private void ScheduleReset(long time)
    {
        if (time == Link.Never)
        {
            return; // Nobody sends a reset again. The peer learns when it sends, or by its own time-outs.
        }

        if (time <= _network.Events.Now)
        {
            OnReset();
        }
        else
        {
            _network.Events.Schedule(time, this, EventReset);
        }
    }

    /// <summary>The kernel gives the connection up if nothing that was sent is acknowledged within its user time-out.</summary>
    public void GiveUpUnlessAcknowledged() => ScheduleTimeout(UserTimeout > 0 ? UserTimeout : DefaultUserTimeout);

    private void ScheduleTimeout(long after)
    {
        if (!_isTimeoutScheduled && !IsVanished)
        {
            _isTimeoutScheduled = true;
            _network.Events.Schedule(_network.Events.Now + after, this, EventUserTimeout, _outgoing?.Arrived ?? 0);
        }
    }
}
