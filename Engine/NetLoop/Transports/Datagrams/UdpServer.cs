using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Transports.Datagrams;

/// <summary>The socket of a UDP listener, with all of its clients.</summary>
internal sealed class UdpServer : UdpSocket, INetcodeServerHost, ISharedSocket
{
    /// <summary>Packets that tell a client that its connection is over: each may be lost.</summary>
    private const int DisconnectPackets = 10;

    private readonly IDatagramAcceptor _acceptor;
    private readonly DatagramLimits _limits;
    private readonly NetcodeServer _netcode;

    public UdpServer(DatagramLoop loop, NetcodeServerOptions options, DatagramLimits limits, IDatagramAcceptor acceptor, NetcodeRegistry registry)
        : base(loop)
    {
        _acceptor = acceptor;
        _limits = limits;
        _netcode = new NetcodeServer(options, this, loop.Entropy, registry);
    }

    /// <summary>Denies new clients; the others stay connected.</summary>
    public void StopAccepting() => _netcode.IsStopping = true;

    /// <summary>Ends the connection of a client that has connected again, on another loop.</summary>
    public void EndIfReplaced(NetcodePeer peer) => _netcode.EndIfReplaced(peer);

    /// <inheritdoc/>
    public override void SendKeepAlive(DatagramConnection connection) => _netcode.SendKeepAlive(connection.Peer, Now);

    /// <inheritdoc/>
    public override void Disconnect(DatagramConnection connection) => _netcode.Disconnect(connection.Peer, DisconnectPackets, Now);

    /// <inheritdoc/>
    public override void Forget(DatagramConnection connection) => _netcode.Disconnect(connection.Peer, packets: 0, Now);

    bool INetcodeServerHost.MayConnect(in DatagramAddress from) => _acceptor.MayConnect(from.ToEndpoint());

    void INetcodeServerHost.Send(in DatagramAddress to, ReadOnlySpan<byte> packet) => SendPacket(to, packet);

    void INetcodeServerHost.OnConnected(NetcodePeer peer)
    {
        var connection = new DatagramConnection(this, Loop, _limits, peer);
        peer.Owner = connection;
        Set.Counters.Accepts++;
        _acceptor.OnConnected(connection, peer.Address.ToEndpoint());
    }

    void INetcodeServerHost.OnDisconnected(NetcodePeer peer, bool isReplaced) => ((DatagramConnection?)peer.Owner)?.OnPeerDisconnected(isReplaced);

    void INetcodeServerHost.PostReplaced(NetcodePeer peer) => _acceptor.PostReplaced(this, peer);

    /// <inheritdoc/>
    protected override void OnDatagram(in DatagramAddress from, Span<byte> datagram)
    {
        if (_netcode.TryReceive(from, datagram, Now, Loop.UnixSeconds, out NetcodePeer? peer, out Span<byte> payload))
        {
            ((DatagramConnection?)peer.Owner)?.OnPacket(payload);
        }
        else if (_netcode.Rejection != PacketRejection.None)
        {
            Reject(_netcode.Rejection);
        }
    }

    /// <inheritdoc/>
    protected override void OnWritable()
    {
        foreach (NetcodePeer peer in _netcode.Peers)
        {
            if (peer.Owner is DatagramConnection { IsDead: false, QueuedBytes: > 0 } connection)
            {
                connection.OnWritable();
            }
        }
    }
}
