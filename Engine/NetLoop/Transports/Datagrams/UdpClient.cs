using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Transports.Datagrams;

/// <summary>The socket of a UDP client, connected to one server.</summary>
internal sealed class UdpClient(DatagramLoop loop) : UdpSocket(loop)
{
    private const int DisconnectPackets = 10;

    private DatagramConnection? _connection;

    /// <summary>Connects to a server.</summary>
    /// <param name="loop">The memory of the loop.</param>
    /// <param name="token">The public connect token.</param>
    /// <param name="server">One of the servers in it.</param>
    /// <param name="isTokenNew">Whether nobody can have used the token before.</param>
    /// <param name="limits">The limits of the connection.</param>
    /// <param name="socketOptions">The options of the socket.</param>
    /// <param name="owner">The owner of the connection.</param>
    /// <param name="connection">The connection; null if there is no socket for it.</param>
    public static SocketStatus Dial(
        DatagramLoop loop,
        in PublicToken token,
        in DatagramAddress server,
        bool isTokenNew,
        DatagramLimits limits,
        in DatagramSocketOptions socketOptions,
        IConnectionOwner owner,
        out DatagramConnection? connection)
    {
        connection = null;
        SocketStatus status = loop.Set.Stack.OpenDatagram(server.ToEndpoint(), isConnected: true, socketOptions, out SocketHandle socket, out _);
        if (status != SocketStatus.Ok)
        {
            return status;
        }

        var client = new UdpClient(loop);
        status = client.Register(socket);
        if (status != SocketStatus.Ok)
        {
            return status;
        }

        ulong firstSequence = isTokenNew ? 0 : NetcodePacket.RandomSequence(loop.Entropy);
        var netcode = new NetcodeClient(token, server, firstSequence, loop.Set.Clock.PeerTime);
        connection = new DatagramConnection(client, loop, limits, netcode.Peer, netcode);
        client._connection = connection;
        connection.Dial(owner);
        return SocketStatus.Ok;
    }

    /// <inheritdoc/>
    public override void SendKeepAlive(DatagramConnection connection) => SendPacket(default, connection.Client!.WriteKeepAlive(Now));

    /// <inheritdoc/>
    public override void Disconnect(DatagramConnection connection)
    {
        for (int i = 0; i < DisconnectPackets && connection.Client!.State == NetcodeClientState.Connected; i++)
        {
            SendPacket(default, connection.Client.WriteDisconnect(Now));
        }
    }

    /// <inheritdoc/>
    public override void Forget(DatagramConnection connection) => Close();

    /// <inheritdoc/>
    protected override void OnDatagram(in DatagramAddress from, Span<byte> datagram)
    {
        if (_connection is not { IsDead: false } connection)
        {
            return;
        }

        NetcodeClient netcode = connection.Client!;
        NetcodeClientState before = netcode.State;
        bool isPayload = netcode.TryReceive(datagram, Now, out Span<byte> payload);
        if (netcode.State != before)
        {
            if (netcode.State == NetcodeClientState.Disconnected)
            {
                connection.OnPeerDisconnected(isReplaced: false);
            }
            else
            {
                connection.OnClientState();
            }
        }

        if (isPayload)
        {
            connection.OnPacket(payload);
        }
        else if (netcode.Rejection != PacketRejection.None)
        {
            Reject(netcode.Rejection);
        }
    }

    /// <inheritdoc/>
    protected override void OnRefused() => _connection?.OnRefused();

    /// <inheritdoc/>
    protected override void OnWritable() => _connection?.Flush();
}
