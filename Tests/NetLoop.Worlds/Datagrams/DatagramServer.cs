using System.Buffers.Binary;
using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Worlds;

/// <summary>The server of a world of datagrams.</summary>
internal sealed class DatagramServer : DatagramNode, INetcodeServerHost
{
    public const int Port = 7_777;
    private const int DisconnectPackets = 3;

    private readonly NetcodeServer _server;
    private readonly List<DatagramEnd> _ends = [];
    private readonly HashSet<DatagramAddress> _verified = [];
    private readonly Dictionary<DatagramAddress, (long PacketsIn, long BytesIn, long PacketsOut, long BytesOut)> _traffic = [];

    public DatagramServer(DatagramWorld world, SimulatedHost host, SeededRandom random)
        : base(world, host, random)
    {
        var options = new NetcodeServerOptions
        {
            ProtocolId = DatagramWorld.ProtocolId,
            Keys = [world.Key],
            MaxPending = world.Settings.MaxPending,
        };
        _server = new NetcodeServer(options, this, new SeededEntropy(random), new NetcodeRegistry(options.MaxUsedTokens));
        var socketOptions = new DatagramSocketOptions(world.Settings.ReceiveBufferBytes / 2, 0, false);
        SocketStatus status = host.Stack.OpenDatagram(NetEndpoint.Udp("0.0.0.0", Port), false, socketOptions, out SocketHandle socket, out _);
        world.Require(status == SocketStatus.Ok, "I0", $"the server's socket: {status}");
        Socket = socket;
    }

    /// <summary>Number of connected clients.</summary>
    public int Count => _server.Peers.Count;

    public bool MayConnect(in DatagramAddress from) => true;

    void INetcodeServerHost.Send(in DatagramAddress to, ReadOnlySpan<byte> packet)
    {
        if (!_verified.Contains(to))
        {
            (long packetsIn, long bytesIn, long packetsOut, long bytesOut) = _traffic.GetValueOrDefault(to);
            _traffic[to] = (packetsIn, bytesIn, packetsOut + 1, bytesOut + packet.Length);
            World.Require(
                packetsOut < packetsIn && bytesOut + packet.Length <= bytesIn,
                "I9",
                $"the server sends {packetsOut + 1} packets of {bytesOut + packet.Length} bytes to {to}, from which came {packetsIn} of {bytesIn} bytes");
        }

        Send(to, packet);
    }

    void INetcodeServerHost.OnConnected(NetcodePeer peer)
    {
        long number = BinaryPrimitives.ReadInt64LittleEndian(peer.UserData);
        Conversation? conversation = World.Find(number);
        if (conversation is null || conversation.Client.Id != peer.ClientId)
        {
            World.Fail("I38", $"client {peer.ClientId} connects with the user data of conversation {number}");
            return;
        }

        World.Require(conversation.Addresses.Contains(peer.Address), "I38", $"client {peer.ClientId} connects from {peer.Address}, where it has never been");
        World.Require(++conversation.Connected == 1, "I38", $"the token of conversation {number} opens a second connection");
        var end = new DatagramEnd(World, conversation, isServer: true, peer, Random);
        peer.Owner = end;
        conversation.ServerEnd = end;
        _ends.Add(end);
        _verified.Add(peer.Address);
        World.CountSession();
    }

    void INetcodeServerHost.OnDisconnected(NetcodePeer peer, bool isReplaced) => Forget((DatagramEnd)peer.Owner!);

    void INetcodeServerHost.PostReplaced(NetcodePeer peer) => _server.EndIfReplaced(peer);

    protected override void Pump()
    {
        Drain();
        for (int i = _ends.Count - 1; i >= 0; i--)
        {
            DatagramEnd end = _ends[i];
            if (end.Peer.TimeoutDue <= Now)
            {
                _server.Disconnect(end.Peer, DisconnectPackets, Now);
                Forget(end);
                continue;
            }

            end.Resume();
            if (World.IsWorking)
            {
                end.QueueSome(World.Settings.SendsPerPump * World.Rate);
            }

            end.Flush(Now, Send);
            if (end.Peer.KeepAliveDue <= Now)
            {
                _server.SendKeepAlive(end.Peer, Now);
            }
        }

        World.Require(_server.Peers.Count == _ends.Count, "I4", $"the server has {_server.Peers.Count} peers for {_ends.Count} connections");
    }

    protected override void OnDatagram(in DatagramAddress from, Span<byte> packet)
    {
        (long packetsIn, long bytesIn, long packetsOut, long bytesOut) = _traffic.GetValueOrDefault(from);
        _traffic[from] = (packetsIn + 1, bytesIn + packet.Length, packetsOut, bytesOut);
        NetcodePacket.TryReadHeader(packet, out _, out ulong number, out _);
        if (_server.TryReceive(from, packet, Now, World.UnixSeconds, out NetcodePeer? peer, out Span<byte> payload))
        {
            ((DatagramEnd)peer.Owner!).OnPayload(number, payload, Now);
        }
    }

    private void Forget(DatagramEnd end)
    {
        _ends.Remove(end);
        _verified.Remove(end.Peer.Address);
        end.Conversation.ServerEnd = null;
        end.Close();
    }
}
