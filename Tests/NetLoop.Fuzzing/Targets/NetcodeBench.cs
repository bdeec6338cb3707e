using NetLoop.Fuzzing.Running;
using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Fuzzing.Targets;

/// <summary>A netcode server with one connected client, which records what the server sends and says.</summary>
internal sealed class NetcodeBench : INetcodeServerHost, IEntropySource
{
    public const ulong Protocol = 0x1122_3344_5566_7788;
    public const long UnixSeconds = 1_900_000_000;
    public const long Now = 5_000_000_000;
    public const ulong ClientId = 42;

    private const int TokenSeconds = 30;

    /// <summary>Packets arrive a little later than the clock of the bench, so that it shows which one was heard.</summary>
    private const long Later = 1_000_000;
    private readonly byte[] _buffer = new byte[2_048];
    private readonly byte[] _reply = new byte[2_048];
    private byte _drawn;
    private int _replyBytes;

    public NetcodeBench()
    {
        var options = new NetcodeServerOptions { ProtocolId = Protocol, Keys = [Key] };
        Server = new NetcodeServer(options, this, this, new NetcodeRegistry(options.MaxUsedTokens));
        Client = Dial(Token);
        FuzzProbe.Require(TryConnect(Client, ClientAddress), "the client of the bench does not connect");
        Peer = Connected!;
    }

    public static DatagramAddress ServerAddress { get; } = new(0xFFFF_0A00_0001, 7_777);

    public static DatagramAddress ClientAddress { get; } = new(0xFFFF_0A00_0002, 50_000);

    public static DatagramAddress StrangerAddress { get; } = new(0xFFFF_0A00_0003, 50_000);

    /// <summary>The key of tokens.</summary>
    public static byte[] Key { get; } = [.. Enumerable.Range(0, Sodium.KeyBytes).Select(static i => (byte)(i * 7))];

    /// <summary>The token of the client that is connected.</summary>
    private static byte[] Token { get; } = NewToken(ClientId, number: 1);

    public NetcodeServer Server { get; }

    /// <summary>The client that is connected.</summary>
    public NetcodeClient Client { get; }

    /// <summary>The server's side of it.</summary>
    public NetcodePeer Peer { get; }

    /// <summary>The peer that connected last.</summary>
    public NetcodePeer? Connected { get; private set; }

    /// <summary>Number of connects and disconnects.</summary>
    public int Events { get; private set; }

    /// <summary>Number of packets that the server sent.</summary>
    public int Replies { get; private set; }

    /// <summary>The packet that the server sent last.</summary>
    public Span<byte> Reply => _reply.AsSpan(0, _replyBytes);

    /// <summary>A public token.</summary>
    public static byte[] NewToken(ulong clientId, byte number)
    {
        Sodium.Load();
        byte[] token = new byte[ConnectTokenFormat.PublicBytes];
        byte[] random = new byte[Sodium.LongNonceBytes + (2 * Sodium.KeyBytes)];
        Array.Fill(random, number);
        ConnectTokenFormat.Write(token, ContentOf(random), userData: [1, 2, 3], clientId, Key);
        return token;
    }

    /// <summary>The content of a token with these 88 bytes for its nonce and keys.</summary>
    public static PublicToken ContentOf(ReadOnlySpan<byte> random) => new(
        Protocol,
        UnixSeconds,
        UnixSeconds + TokenSeconds,
        random[..Sodium.LongNonceBytes],
        5,
        new[] { ServerAddress },
        random.Slice(Sodium.LongNonceBytes, Sodium.KeyBytes),
        random[^Sodium.KeyBytes..]);

    public static NetcodeClient Dial(byte[] token)
    {
        FuzzProbe.Require(ConnectTokenFormat.TryRead(token, out PublicToken content), "a token of the bench is malformed");
        return new NetcodeClient(content, ServerAddress, 0, Now);
    }

    /// <summary>Gives the server a packet.</summary>
    /// <returns>Whether it is a payload of a connected client.</returns>
    public bool Receive(in DatagramAddress from, ReadOnlySpan<byte> packet, out NetcodePeer? peer)
    {
        packet = packet[..Math.Min(packet.Length, _buffer.Length)];
        packet.CopyTo(_buffer);
        return Server.TryReceive(from, _buffer.AsSpan(0, packet.Length), Now + Later, UnixSeconds, out peer, out _);
    }

    /// <summary>Lets a client and the server exchange the packets of a handshake.</summary>
    public bool TryConnect(NetcodeClient client, in DatagramAddress from)
    {
        for (int step = 0; step < 2; step++)
        {
            int replies = Replies;
            Receive(from, client.WriteDue(Now), out _);
            if (Replies == replies)
            {
                return false;
            }

            client.TryReceive(Reply, Now, out _);
        }

        return client.State == NetcodeClientState.Connected;
    }

    /// <summary>Oracle: a payload of the connected client still arrives.</summary>
    public void RequireConnected(string after)
    {
        Span<byte> packet = stackalloc byte[64];
        int length = Client.Peer.SealPayload(packet, 1, Now, out int start);
        bool isPayload = Receive(ClientAddress, packet.Slice(start, length), out NetcodePeer? peer);
        FuzzProbe.Require(isPayload && peer == Peer, $"{after} the connected client is not heard");
    }

    bool INetcodeServerHost.MayConnect(in DatagramAddress from) => true;

    void INetcodeServerHost.Send(in DatagramAddress to, ReadOnlySpan<byte> packet)
    {
        Replies++;
        packet.CopyTo(_reply);
        _replyBytes = packet.Length;
    }

    void INetcodeServerHost.OnConnected(NetcodePeer peer)
    {
        Events++;
        Connected = peer;
    }

    void INetcodeServerHost.OnDisconnected(NetcodePeer peer, bool isReplaced) => Events++;

    void INetcodeServerHost.PostReplaced(NetcodePeer peer) => FuzzProbe.Fail("there is one loop");

    void IEntropySource.Fill(Span<byte> destination) => destination.Fill(++_drawn);
}
