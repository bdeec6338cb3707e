using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>One stream socket of a simulated host: the kernel's state of it, whatever its kind.</summary>
/// <remarks>
/// A closed socket lives on without its handle until its peer has everything, as in a kernel. Its calls have the same results as on Linux: the parity suite
/// compares each kind with the real one.
/// </remarks>
internal abstract partial class SimulatedSocket : ISimulatedEvent
{
    private const int EventConnected = 0;
    private const int EventReset = 1;
    private const int EventUserTimeout = 2;
    private const int EventConnectFailed = 3;

    /// <summary>The first event number for events of a subclass.</summary>
    protected const int FirstOwnEvent = 4;

    /// <summary>Nanoseconds after which the kernel gives up without a user timeout: about the result of tcp_retries2.</summary>
    private const long DefaultUserTimeout = 924_000_000_000;

    /// <summary>Nanoseconds: 5 s idle and three probes 4 s apart, as the engine sets them.</summary>
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

    /// <summary>The number of its handle while it is open.</summary>
    public int Handle { get; set; } = -1;

    public SocketState State { get; private set; }

    /// <summary>Whether its process has closed it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether its machine died while it was open: nothing answers for it any more.</summary>
    public bool IsVanished { get; private set; }

    public NetEndpoint Local { get; init; }

    public NetEndpoint Remote { get; init; }

    public int SendBufferBytes { get; set; }

    public int ReceiveBufferBytes { get; set; }

    /// <summary>Nanoseconds; 0 for the kernel's default.</summary>
    public long UserTimeout { get; set; }

    public bool KeepAlive { get; set; }

    /// <summary>Whether the process waits for room: a send found less than it needed, or a poller was asked for room in vain.</summary>
    public bool WantsRoom { get; private set; }

    /// <summary>Pending connections of a listener.</summary>
    public Queue<SimulatedSocket> Waiting { get; } = new();

    /// <summary>Maximum number of pending connections.</summary>
    public int Backlog { get; init; }

    /// <summary>Whether other sockets may also listen on its port (SO_REUSEPORT).</summary>
    public bool SharesPort { get; init; }

    /// <summary>Bytes received and not read.</summary>
    public virtual int Unread => Incoming?.Available ?? 0;

    /// <summary>Bytes that its process has read from it so far.</summary>
    public long BytesRead => Incoming?.BytesRead ?? 0;

    /// <summary>The connection's other socket.</summary>
    public SimulatedSocket? Peer => Outgoing?.Reader;

    protected SimulatedNetwork Network { get; }

    /// <summary>The pipe that it sends into; null before there is a connection.</summary>
    protected Pipe? Outgoing { get; private set; }

    /// <summary>The pipe that it receives from; null before there is a connection.</summary>
    protected Pipe? Incoming { get; private set; }

    /// <summary>The arrival at the peer of a segment without bytes that is sent now, after everything before it.</summary>
    protected long ArrivalAtPeer => Math.Max(_way!.ArrivalOfControl(Host.Now), Outgoing!.LastArrival);

    /// <summary>Connects a connecting socket and an accepted one.</summary>
    /// <param name="client">The connecting socket.</param>
    /// <param name="server">The accepted socket.</param>
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

    /// <summary>The server's response is in flight.</summary>
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

    /// <summary>The attempt fails, whatever the state of the other side; an attempt that has already succeeded does not.</summary>
    public void FailConnectAt(long time, SocketStatus status)
    {
        if (State != SocketState.Connecting)
        {
            return;
        }

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

    /// <summary>Takes the bytes that fit, at most <paramref name="most"/>.</summary>
    public abstract SocketResult Send(ReadOnlySpan<SendSegment> segments, int most);

    public abstract SocketStatus ShutdownSend();

    public abstract SocketStatus FinishConnect();

    /// <summary>Whether bytes or the end of the stream can be received here. If not, the kernel's answer is sent.</summary>
    public bool CanReceive(Pipe pipe, bool hasBytes)
    {
        if (IsVanished)
        {
            if (Host.IsUp)
            {
                // The machine has restarted and does not know this connection.
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

    protected virtual void OnOwnEvent(int kind, long argument) => Invariant.Fail($"a socket has no event {kind}");

    /// <summary>Adds bytes to the send buffer, and sends those that the link takes.</summary>
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
                    // Bytes that are delivered at once make room at once, as on the loopback device.
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
}
