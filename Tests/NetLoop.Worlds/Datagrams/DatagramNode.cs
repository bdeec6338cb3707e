namespace NetLoop.Worlds;

/// <summary>A host that looks at its socket again and again.</summary>
internal abstract class DatagramNode : ISimulatedEvent
{
    private const int Batch = 32;
    private const int MostBatches = 64;
    private const int MaxPacketBytes = 2_048;

    private readonly byte[] _received = GC.AllocateArray<byte>(Batch * MaxPacketBytes, pinned: true);
    private readonly byte[] _sent = GC.AllocateArray<byte>(MaxPacketBytes, pinned: true);
    private readonly IncomingDatagram[] _datagrams = new IncomingDatagram[Batch];
    private readonly OutgoingDatagram[] _outgoing = new OutgoingDatagram[1];

    protected DatagramNode(DatagramWorld world, SimulatedHost host, SeededRandom random)
    {
        World = world;
        Host = host;
        Random = random;
        world.Network.Events.Schedule(world.Network.Events.Now + random.Between(1L, world.Settings.PumpInterval), this, 0);
    }

    public SimulatedHost Host { get; }

    protected DatagramWorld World { get; }

    protected SeededRandom Random { get; }

    /// <summary>Its socket; None while it has none.</summary>
    protected SocketHandle Socket { get; set; } = SocketHandle.None;

    protected long Now => Host.Now;

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        World.Pumps++;
        Pump();
        long next = World.Network.Events.Now + Host.TakeBusy() + World.Settings.PumpInterval;
        World.Network.Events.Schedule(next, this, 0);
    }

    /// <summary>One look.</summary>
    protected abstract void Pump();

    /// <summary>A datagram arrived.</summary>
    protected abstract void OnDatagram(in DatagramAddress from, Span<byte> packet);

    /// <summary>Reads everything that waits, past errors of earlier sends.</summary>
    protected void Drain()
    {
        for (int batch = 0; batch < MostBatches && Socket != SocketHandle.None; batch++)
        {
            SocketResult result = Host.Stack.ReceiveDatagrams(Socket, _received, _datagrams);
            if (result.Status == SocketStatus.WouldBlock)
            {
                break;
            }

            for (int i = 0; i < result.Count && Socket != SocketHandle.None; i++)
            {
                OnDatagram(_datagrams[i].From, _received.AsSpan(_datagrams[i].Start, _datagrams[i].Length));
            }
        }
    }

    /// <summary>Sends a packet; one that does not leave counts as lost.</summary>
    protected void Send(in DatagramAddress to, ReadOnlySpan<byte> packet)
    {
        if (Socket != SocketHandle.None)
        {
            packet.CopyTo(_sent);
            _outgoing[0] = new OutgoingDatagram(new SendSegment(_sent.AsSpan(0, packet.Length)), to);
            Host.Stack.SendDatagrams(Socket, _outgoing);
        }
    }

    protected void CloseSocket()
    {
        if (Socket != SocketHandle.None)
        {
            Host.Stack.Close(Socket, reset: false);
            Socket = SocketHandle.None;
        }
    }
}
