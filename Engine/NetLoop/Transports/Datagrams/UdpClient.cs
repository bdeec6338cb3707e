using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Transports.Datagrams;

/// <summary>The socket of a UDP client, connected to one of the servers of its token. It tries them in turn.</summary>
internal sealed class UdpClient : UdpSocket
{
    private const int DisconnectPackets = 10;

    private readonly byte[] _token;
    private readonly DatagramAddress[] _servers;
    private readonly DatagramSocketOptions _socketOptions;
    private readonly bool _isTokenNew;
    private DatagramConnection? _connection;
    private int _tried;

    private UdpClient(DatagramLoop loop, byte[] token, DatagramAddress[] servers, bool isTokenNew, in DatagramSocketOptions socketOptions)
        : base(loop)
    {
        _token = token;
        _servers = servers;
        _isTokenNew = isTokenNew;
        _socketOptions = socketOptions;
    }

    /// <inheritdoc/>
    public override int ServerCount => _servers.Length;

    /// <summary>Connects to the first server that lets the client in.</summary>
    /// <param name="loop">The memory of the loop.</param>
    /// <param name="token">The public connect token.</param>
    /// <param name="servers">The servers in it, in the order in which they are tried; at least one.</param>
    /// <param name="isTokenNew">Whether nobody can have used the token before.</param>
    /// <param name="limits">The limits of the connection.</param>
    /// <param name="socketOptions">The options of the socket.</param>
    /// <param name="owner">The owner of the connection.</param>
    /// <param name="connection">The connection; null if there is no socket for it.</param>
    public static SocketStatus Dial(
        DatagramLoop loop,
        byte[] token,
        DatagramAddress[] servers,
        bool isTokenNew,
        DatagramLimits limits,
        in DatagramSocketOptions socketOptions,
        IConnectionOwner owner,
        out DatagramConnection? connection)
    {
        connection = null;
        var client = new UdpClient(loop, token, servers, isTokenNew, socketOptions);
        SocketStatus status = client.OpenNext(out NetcodeClient? netcode);
        if (netcode is not null)
        {
            connection = new DatagramConnection(client, loop, limits, netcode.Peer, netcode);
            client._connection = connection;
            connection.Dial(owner);
        }

        return status;
    }

    /// <inheritdoc/>
    public override bool TryNextServer(DatagramConnection connection)
    {
        if (_tried == _servers.Length)
        {
            return false;
        }

        Close();
        if (OpenNext(out NetcodeClient? netcode) != SocketStatus.Ok)
        {
            return false;
        }

        connection.Redial(netcode!);
        return true;
    }

    /// <inheritdoc/>
    public override string? ExplainSilence()
    {
        _ = ConnectTokenFormat.TryRead(_token, out PublicToken content);
        long late = Loop.UnixSeconds - (long)content.ExpireTimestamp;
        return late >= 0 ? $"By the clock of this machine, the connect token expired {late} s ago." : null;
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

    /// <summary>Opens a socket to the next server to which there is one.</summary>
    private SocketStatus OpenNext(out NetcodeClient? netcode)
    {
        netcode = null;
        SocketStatus status = SocketStatus.NotFound;
        while (_tried < _servers.Length && netcode is null)
        {
            DatagramAddress server = _servers[_tried];
            status = Set.Stack.OpenDatagram(server.ToEndpoint(), isConnected: true, _socketOptions, out SocketHandle socket, out _);
            if (status == SocketStatus.Ok)
            {
                status = Register(socket);
            }

            if (status == SocketStatus.Ok)
            {
                // The keys are those of the token: with another server, or after somebody else, the numbers must be others.
                ulong firstSequence = _isTokenNew && _tried == 0 ? 0 : NetcodePacket.RandomSequence(Loop.Entropy);
                _ = ConnectTokenFormat.TryRead(_token, out PublicToken content);
                netcode = new NetcodeClient(content, server, firstSequence, Now);
            }

            _tried++;
        }

        return status;
    }

    /// <inheritdoc/>
    protected override void OnRefused() => _connection?.OnRefused();

    /// <inheritdoc/>
    protected override void OnWritable() => _connection?.Flush();
}
