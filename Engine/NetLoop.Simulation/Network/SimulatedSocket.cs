using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>One stream socket of a simulated host: what the kernel knows of it, whatever its kind.</summary>
/// <remarks>
/// A closed socket lives on without its handle until its peer has everything, as in a kernel. What its calls come to is what they come to on
/// Linux: the parity suite holds each kind to the real one.
/// </remarks>
internal abstract class SimulatedSocket : ISimulatedEvent
{
    private const int EventConnected = 0;
    private const int EventReset = 1;
    private const int EventUserTimeout = 2;
    private const int EventConnectFailed = 3;

    /// <summary>The first number of events that a kind has for itself.</summary>
    protected const int FirstOwnEvent = 4;

    /// <summary>Nanoseconds after which the kernel gives up when no user time-out is set: about what tcp_retries2 comes to.</summary>
    private const long DefaultUserTimeout = 924_000_000_000;

    /// <summary>Nanoseconds: 5 s idle and three probes 4 s apart, as the engine asks for.</summary>
    private const long KeepAliveTimeout = 17_000_000_000;

    private Link? _way;
    private SocketStatus _error;
    private bool _isTimeoutScheduled;
    private bool _isDoomed;

    protected SimulatedSocket(SimulatedNetwork network, SimulatedHost host, SocketState state)
    {
        Network = network;
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

    /// <summary>Whether somebody waits for room: a send found less than it needed, or a poller was asked for it in vain.</summary>
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

    /// <summary>How often in a row it was reported ready without a call that looked at it.</summary>
    public int UnservedReports { get; set; }

    /// <summary>Bytes received and not read.</summary>
    public int Unread => Incoming?.Available ?? 0;

    /// <summary>The connection's other socket.</summary>
    public SimulatedSocket? Peer => Outgoing?.Reader;

    protected SimulatedNetwork Network { get; }

    /// <summary>What it sends; null before there is a connection.</summary>
    protected Pipe? Outgoing { get; private set; }

    /// <summary>What it receives; null before there is a connection.</summary>
    protected Pipe? Incoming { get; private set; }

    /// <summary>When something without bytes of its own, sent now behind everything before it, arrives at the peer.</summary>
    protected long ArrivalAtPeer => Math.Max(_way!.ArrivalOfControl(Host.Now), Outgoing!.LastArrival);

    /// <summary>Makes a connecting socket and an accepted one the two ends of a connection.</summary>
    /// <param name="client">Connecting.</param>
    /// <param name="server">Becomes connected.</param>
    /// <param name="isLocal">Whether they are Unix sockets.</param>
    public static void Join(SimulatedSocket client, SimulatedSocket server, bool isLocal)
    {
        SimulatedNetwork network = client.Network;
        Link there = network.LinkBetween(client.Host, server.Host);
        Link back = network.LinkBetween(server.Host, client.Host);
        client.Outgoing = new Pipe(network, client, server, there, back, isLocal);
        server.Outgoing = new Pipe(network, server, client, back, there, isLocal);
        client.Incoming = server.Outgoing;
        server.Incoming = client.Outgoing;
        client._way = there;
        server._way = back;
        server.State = SocketState.Connected;
    }

    /// <summary>The server's answer is under way.</summary>
    public void ConnectAt(long time)
    {
        Incoming!.StartAt(time);
        if (time <= Network.Events.Now)
        {
            BecomeConnected();
        }
        else
        {
            Network.Events.Schedule(time, this, EventConnected);
        }
    }

    /// <summary>The attempt fails, whatever the other side thinks of it.</summary>
    public void FailConnectAt(long time, SocketStatus status)
    {
        _isDoomed = true;
        if (time <= Network.Events.Now)
        {
            FailConnect(status);
        }
        else
        {
            Network.Events.Schedule(time, this, EventConnectFailed, (long)status);
        }
    }

    public abstract SocketResult Receive(Span<byte> buffer);

    /// <summary>Takes as many bytes as fit, at most <paramref name="most"/>.</summary>
    public abstract SocketResult Send(ReadOnlySpan<SendSegment> segments, int most);

    public abstract SocketStatus ShutdownSend();

    public abstract SocketStatus FinishConnect();

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

    /// <summary>Whether bytes or the end of the stream can arrive here. If not, what the kernel answers is on its way.</summary>
    public bool CanReceive(Pipe pipe, bool hasBytes)
    {
        if (IsVanished)
        {
            if (Host.IsUp)
            {
                // The machine runs again and knows nothing of this connection.
                pipe.Writer.ScheduleReset(_way!.ArrivalOfControl(Network.Events.Now));
            }
            else
            {
                pipe.Writer.GiveUpUnlessAcknowledged();
            }

            return false;
        }

        if (State != SocketState.Broken && !(IsClosed && hasBytes))
        {
            return true;
        }

        Refuse(pipe.Writer);
        return false;
    }

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
                FailConnect((SocketStatus)argument);
                break;

            case EventUserTimeout:
                OnTimeout(argument);
                break;

            default:
                OnOwnEvent(kind, argument);
                break;
        }
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

    protected virtual void OnOwnEvent(int kind, long argument) => Invariant.Fail($"a socket has no event {kind}");

    /// <summary>Puts bytes into the send buffer and sends what the way takes.</summary>
    protected SocketResult Put(ReadOnlySpan<SendSegment> segments, int most)
    {
        int room = Math.Min(Outgoing!.Room, most);
        int sent = 0;
        bool isCut = false;
        foreach (SendSegment segment in segments)
        {
            ReadOnlySpan<byte> bytes = segment.Bytes;
            while (!bytes.IsEmpty && !isCut)
            {
                if (room == 0)
                {
                    // What can go at once makes room at once, as on the loopback device.
                    Outgoing.Transmit();
                    room = Math.Min(Outgoing.Room, most - sent);
                    isCut = room == 0;
                }

                int count = Math.Min(bytes.Length, room);
                Outgoing.Write(bytes[..count]);
                bytes = bytes[count..];
                sent += count;
                room -= count;
            }
        }

        WantsRoom = isCut;
        Outgoing.Transmit();
        if (isCut)
        {
            Outgoing.AskForRoom();
        }

        return sent > 0 || !isCut ? new SocketResult(SocketStatus.Ok, sent) : new SocketResult(SocketStatus.WouldBlock, 0);
    }

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

    private void BecomeConnected()
    {
        if (State == SocketState.Connecting && !IsClosed && !_isDoomed)
        {
            State = SocketState.Connected;
            Touch();
        }
    }

    private void FailConnect(SocketStatus status)
    {
        if (State != SocketState.Broken)
        {
            Break(status);
        }
    }

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
            return; // Nobody sends a reset again. The peer learns when it sends, or by its own time-outs.
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

    /// <summary>The kernel gives the connection up if nothing that was sent is acknowledged within its user time-out.</summary>
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
