using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Worlds;

/// <summary>A client that connects, talks, loses its connection and connects again, each time with a new token.</summary>
internal sealed class DatagramClient : DatagramNode
{
    private const long ConnectPatience = 5_000_000_000;
    private const long LeastPause = 1_000_000_000;
    private const long MostPause = 6_000_000_000;
    private const int DisconnectPackets = 3;

    private NetcodeClient? _client;
    private DatagramEnd? _end;
    private long _since;
    private long _notBefore;

    public DatagramClient(DatagramWorld world, SimulatedHost host, SeededRandom random, ulong id)
        : base(world, host, random) => Id = id;

    public ulong Id { get; }

    /// <summary>The conversation of its current token.</summary>
    public Conversation? Conversation { get; private set; }

    /// <summary>Whether both sides are connected.</summary>
    public bool IsConnected => _client?.State == NetcodeClientState.Connected && Conversation?.ServerEnd is not null;

    /// <summary>Its end of the conversation; null while it has none.</summary>
    public DatagramEnd? End => _end;

    /// <summary>Number of connections that it has lost or given up.</summary>
    public int Losses { get; private set; }

    /// <summary>Whether it stays away.</summary>
    public bool IsAway { get; set; }

    /// <summary>Says goodbye.</summary>
    public void Leave()
    {
        for (int count = 0; count < DisconnectPackets && _client?.State == NetcodeClientState.Connected; count++)
        {
            Send(default, _client.WriteDisconnect(Now));
        }

        EndConnection();
    }

    protected override void Pump()
    {
        if (IsAway || (_client is null && Now < _notBefore))
        {
            return;
        }

        if (_client is null)
        {
            Begin();
        }

        Drain();
        if (_client is { } client && Look(client))
        {
            Talk(client);
        }
    }

    protected override void OnDatagram(in DatagramAddress from, Span<byte> packet)
    {
        NetcodePacket.TryReadHeader(packet, out _, out ulong number, out _);
        if (_client!.TryReceive(packet, Now, out Span<byte> payload))
        {
            _end!.OnPayload(number, payload, Now);
        }
    }

    /// <returns>Whether the connection goes on.</returns>
    private bool Look(NetcodeClient client)
    {
        bool isOver = client.State switch
        {
            NetcodeClientState.Denied or NetcodeClientState.Disconnected => true,
            NetcodeClientState.Connected => client.Peer.TimeoutDue <= Now,
            _ => Now - _since > ConnectPatience,
        };
        if (isOver)
        {
            // A full server may have accepted a repeated request after it denied the first one: its place stays taken for a while.
            _notBefore = client.State == NetcodeClientState.Denied ? Now + Random.Between(LeastPause, MostPause) : 0;
            Losses++;
            EndConnection();
        }
        else if (World.IsRestless && Random.Chance(World.Settings.LeavesPerPump))
        {
            if (Random.Chance(0.5))
            {
                Leave();
            }
            else
            {
                EndConnection();
            }
        }

        return _client is not null;
    }

    private void Talk(NetcodeClient client)
    {
        ReadOnlySpan<byte> due = client.WriteDue(Now);
        if (!due.IsEmpty)
        {
            Send(default, due);
        }

        if (client.State != NetcodeClientState.Connected)
        {
            return;
        }

        _end!.Resume();
        if (World.IsWorking)
        {
            _end.QueueSome(World.Settings.SendsPerPump * World.Rate);
        }

        _end.Flush(Now, (in DatagramAddress _, ReadOnlySpan<byte> packet) => Send(default, packet));
        if (client.Peer.KeepAliveDue <= Now)
        {
            Send(default, client.WriteKeepAlive(Now));
        }
    }

    private void Begin()
    {
        NetEndpoint server = World.ServerEndpoint;
        if (Host.Stack.OpenDatagram(server, true, default, out SocketHandle socket, out _) != SocketStatus.Ok)
        {
            return;
        }

        Socket = socket;
        Conversation = World.NewConversation(this);
        ConnectTokenFormat.TryRead(World.NewToken(Id, Conversation.Number, Random), out PublicToken token);
        _client = new NetcodeClient(token, DatagramAddress.From(server), 0, Now);
        _end = new DatagramEnd(World, Conversation, isServer: false, _client.Peer, Random);
        _since = Now;
    }

    private void EndConnection()
    {
        _end?.Close();
        _end = null;
        _client = null;
        CloseSocket();
    }
}
