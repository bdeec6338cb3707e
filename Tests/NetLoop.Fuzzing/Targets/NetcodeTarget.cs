using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Fuzzing.Targets;

/// <summary>
/// Packets of netcode, at a server and at a client. The first byte of an input selects who sends the packet, and what the other bytes are: the packet itself,
/// changes to an authentic one, or content that is sealed with the right key.
/// </summary>
internal sealed class NetcodeTarget : IFuzzTarget
{
    private const int MaxPacketBytes = 1_500;
    private const int ChallengeBytes = 8 + ChallengeToken.Bytes;
    private const int States = 3;
    private const byte StrangersNumber = 2;
    private const ulong StrangersId = 7;

    private static readonly Mode[] Modes = Enum.GetValues<Mode>();
    private static readonly NetcodePacketType[] Types = Enum.GetValues<NetcodePacketType>();
    private static readonly byte[] Token = NetcodeBench.NewToken(StrangersId, StrangersNumber);

    private readonly byte[] _packet = new byte[2_048];
    private readonly byte[] _copy = new byte[2_048];
    private readonly byte[] _secret = new byte[ConnectTokenFormat.PrivateBytes];

    private enum Mode
    {
        /// <summary>The packet, from somebody.</summary>
        FromStranger,

        /// <summary>The packet, as if from the connected client.</summary>
        FromPeer,

        /// <summary>Changes to an authentic connection request.</summary>
        ChangedRequest,

        /// <summary>Changes to an authentic payload of the connected client.</summary>
        ChangedPayload,

        /// <summary>Type, number and content of a packet that the connected client seals.</summary>
        SealedByPeer,

        /// <summary>Changes to the private part of a token, before the holder of the key encrypts it.</summary>
        SealedToken,

        /// <summary>Changes to a challenge, before the client seals its response.</summary>
        SealedResponse,

        /// <summary>State of a client, then the packet.</summary>
        ToClient,

        /// <summary>State of a client, then changes to the packet that it expects.</summary>
        ChangedToClient,

        /// <summary>State of a client, then type, number and content of a packet that the server seals.</summary>
        SealedToClient,
    }

    public string Name => "netcode";

    public string Description => "receives packets of netcode, at a server and at a client: forged, changed, and authentic with any content";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        Mode mode = Modes[random.Below(Modes.Length)];
        output.Add((byte)mode);
        if (mode >= Mode.ToClient)
        {
            output.Add((byte)random.Below(States));
        }

        switch (mode)
        {
            case Mode.FromStranger or Mode.FromPeer or Mode.ToClient:
                AddPacket(output, random);
                break;

            case Mode.SealedByPeer or Mode.SealedToClient:
                output.Add([(byte)random.Below(Types.Length), random.NextByte(), random.NextByte()]);
                AddBytes(output, random, random.OneIn(3) ? random.Below(MaxPacketBytes) : Pick(random, 0, 1, 8, 20, ChallengeBytes));
                break;

            default:
                // Changes of one or a few bytes, anywhere.
                AddZeros(output, random.OneIn(3) ? random.Below(NetcodePacket.RequestBytes) : random.Below(100));
                AddBytes(output, random, random.Below(3));
                break;
        }
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        Mode mode = input.IsEmpty ? Mode.FromStranger : Modes[input[0] % Modes.Length];
        ReadOnlySpan<byte> rest = input.IsEmpty ? input : input[1..];
        rest = rest[..Math.Min(rest.Length, MaxPacketBytes)];
        var bench = new NetcodeBench();
        switch (mode)
        {
            case Mode.FromStranger:
                ReceiveForged(bench, isFromPeer: false, rest, probe);
                break;

            case Mode.FromPeer:
                ReceiveForged(bench, isFromPeer: true, rest, probe);
                break;

            case Mode.ChangedRequest:
                ReceiveForged(bench, isFromPeer: false, Changed(NetcodeBench.Dial(Token).WriteDue(NetcodeBench.Now), rest, out _), probe);
                FuzzProbe.Require(
                    bench.TryConnect(NetcodeBench.Dial(Token), NetcodeBench.StrangerAddress), "after a changed copy of its request a client cannot connect");
                break;

            case Mode.ChangedPayload:
                int length = bench.Client.Peer.SealPayload(_copy, 100, NetcodeBench.Now, out int start);
                ReadOnlySpan<byte> packet = Changed(_copy.AsSpan(start, length), rest, out bool isChanged);
                if (isChanged)
                {
                    ReceiveForged(bench, isFromPeer: true, packet, probe);
                }

                break;

            case Mode.SealedByPeer:
                ReceiveAuthentic(bench, rest, probe);
                break;

            case Mode.SealedToken:
                ReceiveToken(bench, rest, probe);
                break;

            case Mode.SealedResponse:
                ReceiveResponse(bench, rest, probe);
                break;

            default:
                ReceiveAtClient(bench, mode, rest.IsEmpty ? 0 : rest[0] % States, rest.IsEmpty ? rest : rest[1..], probe);
                break;
        }
    }

    /// <summary>Oracles: a packet that may be anybody's changes nothing, and gets at most one reply, which is not longer.</summary>
    private static void ReceiveForged(NetcodeBench bench, bool isFromPeer, ReadOnlySpan<byte> packet, FuzzProbe probe)
    {
        (int replies, int events, int count, long heard) = (bench.Replies, bench.Events, bench.Server.Peers.Count, bench.Peer.LastReceived);
        probe.BeginMeasure();
        bool isPayload = bench.Receive(isFromPeer ? NetcodeBench.ClientAddress : NetcodeBench.StrangerAddress, packet, out _);
        probe.EndMeasure(packet.Length);
        FuzzProbe.Require(!isPayload, "a forged packet is a payload");
        FuzzProbe.Require(bench.Events == events && bench.Server.Peers.Count == count, "a forged packet connects or disconnects somebody");
        FuzzProbe.Require(bench.Peer.LastReceived == heard, "a forged packet keeps a connection alive");
        RequireShort(bench, replies, packet.Length);
        bench.RequireConnected("after a forged packet");
        probe.Visit(isFromPeer ? 601 : 600, (int)bench.Server.Rejection, packet.Length);
    }

    /// <summary>Oracles: an authentic packet does what its type says, once.</summary>
    private void ReceiveAuthentic(NetcodeBench bench, ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        ReadOnlySpan<byte> packet = Seal(bench.Client.Peer, input, out NetcodePacketType type);
        (int replies, int events) = (bench.Replies, bench.Events);
        probe.BeginMeasure();
        bool isPayload = bench.Receive(NetcodeBench.ClientAddress, packet, out _);
        probe.EndMeasure(packet.Length);
        FuzzProbe.Require(!isPayload || type == NetcodePacketType.Payload, $"a packet of type {type} is a payload");
        FuzzProbe.Require(bench.Events == events || type == NetcodePacketType.Disconnect, $"a packet of type {type} connects or disconnects somebody");
        RequireShort(bench, replies, packet.Length);
        probe.Visit(610 + (int)type, (isPayload ? 1 : 0) + (2 * (int)bench.Server.Rejection), bench.Events - events);
        (replies, events) = (bench.Replies, bench.Events);
        isPayload = bench.Receive(NetcodeBench.ClientAddress, packet, out _);
        FuzzProbe.Require(!isPayload && bench.Events == events, $"a copy of a packet of type {type} counts again");
        FuzzProbe.Require(bench.Replies == replies || type == NetcodePacketType.Response, $"a copy of a packet of type {type} is answered");
    }

    /// <summary>Oracles: a token that was made badly opens the connection that it describes, or none.</summary>
    private void ReceiveToken(NetcodeBench bench, ReadOnlySpan<byte> changes, FuzzProbe probe)
    {
        byte[] random = new byte[Sodium.LongNonceBytes + (2 * Sodium.KeyBytes)];
        Array.Fill(random, StrangersNumber);
        PublicToken content = NetcodeBench.ContentOf(random);
        _secret.AsSpan().Clear();
        ConnectTokenFormat.WritePrivate(_secret, content, [1, 2, 3], StrangersId);
        Change(_secret.AsSpan(0, _secret.Length - Sodium.MacBytes), changes);
        bool isReadable = ConnectTokenFormat.TryReadPrivate(_secret, out PrivateToken token);
        byte[] userData = token.UserData.ToArray();
        var client = isReadable
            ? new NetcodePeer(NetcodeBench.ServerAddress, NetcodeBench.Protocol, token.ClientToServerKey, token.ServerToClientKey, 5, 0, NetcodeBench.Now)
            : null;
        ulong clientId = token.ClientId;
        ConnectTokenFormat.SealPrivate(_secret, content.ProtocolId, content.ExpireTimestamp, content.Nonce, NetcodeBench.Key);

        var writer = new TokenWriter(_packet);
        writer.Write((byte)NetcodePacketType.Request);
        writer.Write(NetcodePacket.Version);
        writer.Write(content.ProtocolId);
        writer.Write(content.ExpireTimestamp);
        writer.Write(content.Nonce);
        writer.Write(_secret);
        int replies = bench.Replies;
        ReadOnlySpan<byte> request = _packet.AsSpan(0, NetcodePacket.RequestBytes);
        probe.BeginMeasure();
        bench.Receive(NetcodeBench.StrangerAddress, request, out _);
        probe.EndMeasure(request.Length);
        RequireShort(bench, replies, request.Length);
        FuzzProbe.Require((bench.Replies > replies) == isReadable, $"a token that can be read, {isReadable}, gets {bench.Replies - replies} replies");
        bench.RequireConnected("after a strange token");
        probe.Visit(620, isReadable ? 1 : 0, changes.Length);
        if (client is null || clientId == NetcodeBench.ClientId)
        {
            return;
        }

        Span<byte> challenge = bench.Reply;
        FuzzProbe.Require(
            NetcodePacket.TryReadHeader(challenge, out NetcodePacketType type, out ulong sequence, out int headerBytes)
                && client.TryOpen(challenge, type, sequence, headerBytes, NetcodeBench.Now, out challenge),
            "a challenge is not sealed with the key in the token");
        challenge.CopyTo(_packet.AsSpan(NetcodePacket.MaxHeaderBytes));
        int length = client.Seal(_packet, challenge.Length, NetcodePacketType.Response, NetcodeBench.Now, out int start);
        bench.Receive(NetcodeBench.StrangerAddress, _packet.AsSpan(start, length), out _);
        FuzzProbe.Require(
            bench.Connected != bench.Peer && bench.Connected!.ClientId == clientId && bench.Connected.UserData.AsSpan().SequenceEqual(userData),
            "a client is another than its token says");
    }

    /// <summary>Oracle: only the unchanged challenge connects.</summary>
    private void ReceiveResponse(NetcodeBench bench, ReadOnlySpan<byte> changes, FuzzProbe probe)
    {
        NetcodeClient client = NetcodeBench.Dial(Token);
        bench.Receive(NetcodeBench.StrangerAddress, client.WriteDue(NetcodeBench.Now), out _);
        Span<byte> challenge = bench.Reply;
        FuzzProbe.Require(
            NetcodePacket.TryReadHeader(challenge, out NetcodePacketType type, out ulong sequence, out int headerBytes)
                && client.Peer.TryOpen(challenge, type, sequence, headerBytes, NetcodeBench.Now, out challenge),
            "the challenge cannot be read");
        bool isChanged = Change(challenge, changes);
        challenge.CopyTo(_packet.AsSpan(NetcodePacket.MaxHeaderBytes));
        int length = client.Peer.Seal(_packet, challenge.Length, NetcodePacketType.Response, NetcodeBench.Now, out int start);
        (int replies, int events) = (bench.Replies, bench.Events);
        probe.BeginMeasure();
        bench.Receive(NetcodeBench.StrangerAddress, _packet.AsSpan(start, length), out _);
        probe.EndMeasure(length);
        RequireShort(bench, replies, length);
        FuzzProbe.Require(bench.Events == events + (isChanged ? 0 : 1), $"a challenge, changed {isChanged}, makes {bench.Events - events} connections");
        bench.RequireConnected("after a response");
        probe.Visit(630, isChanged ? 1 : 0, changes.Length);
    }

    /// <summary>Oracles: a packet that is not the server's changes nothing at a client; one that is does what its type says, once.</summary>
    private void ReceiveAtClient(NetcodeBench bench, Mode mode, int steps, ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        NetcodeClient client = NetcodeBench.Dial(Token);
        for (int step = 0; step < steps; step++)
        {
            bench.Receive(NetcodeBench.StrangerAddress, client.WriteDue(NetcodeBench.Now), out _);
            client.TryReceive(bench.Reply, NetcodeBench.Now, out _);
        }

        NetcodeClientState state = client.State;
        ReadOnlySpan<byte> packet = input;
        NetcodePacketType type = default;
        bool isForged = true;
        if (mode == Mode.SealedToClient)
        {
            packet = Seal(ServersSideOf(), input, out type);
            isForged = false;
        }
        else if (mode == Mode.ChangedToClient)
        {
            packet = Changed(Expected(bench, client), input, out isForged);
        }

        packet.CopyTo(_copy);
        (long heard, long due) = (client.Peer.LastReceived, client.NextDue);
        probe.BeginMeasure();
        bool isPayload = client.TryReceive(_copy.AsSpan(0, packet.Length), NetcodeBench.Now + 1, out _);
        probe.EndMeasure(packet.Length);
        probe.Visit(640 + (int)state, ((int)client.State * 10) + (int)type, packet.Length);
        FuzzProbe.Require(
            !isForged || (!isPayload && client.State == state && client.Peer.LastReceived == heard && client.NextDue == due),
            $"a forged packet takes a client from {state} to {client.State}");
        if (mode == Mode.SealedToClient)
        {
            FuzzProbe.Require(!isPayload || type == NetcodePacketType.Payload, $"a packet of type {type} is a payload");
            FuzzProbe.Require(IsStep(state, type, client.State), $"a packet of type {type} takes a client from {state} to {client.State}");
            NetcodeClientState next = client.State;
            packet.CopyTo(_copy);
            isPayload = client.TryReceive(_copy.AsSpan(0, packet.Length), NetcodeBench.Now + 1, out _);
            FuzzProbe.Require(!isPayload && client.State == next, $"a copy of a packet of type {type} counts again");
            client.WriteDue(NetcodeBench.Now + NetcodeClient.RepeatInterval + 1);
        }
    }

    private static bool IsStep(NetcodeClientState from, NetcodePacketType type, NetcodeClientState to) => to == from || (from, type) switch
    {
        (NetcodeClientState.Requesting, NetcodePacketType.Challenge) => to == NetcodeClientState.Responding,
        (NetcodeClientState.Requesting or NetcodeClientState.Responding, NetcodePacketType.Denied) => to == NetcodeClientState.Denied,
        (NetcodeClientState.Responding, NetcodePacketType.KeepAlive or NetcodePacketType.Payload) => to == NetcodeClientState.Connected,
        (NetcodeClientState.Responding or NetcodeClientState.Connected, NetcodePacketType.Disconnect) => to == NetcodeClientState.Disconnected,
        _ => false,
    };

    /// <summary>The packet that a client waits for.</summary>
    private ReadOnlySpan<byte> Expected(NetcodeBench bench, NetcodeClient client)
    {
        if (client.State != NetcodeClientState.Connected)
        {
            bench.Receive(NetcodeBench.StrangerAddress, client.WriteDue(NetcodeBench.Now), out _);
            return bench.Reply;
        }

        int length = bench.Connected!.SealPayload(_copy, 50, NetcodeBench.Now, out int start);
        return _copy.AsSpan(start, length);
    }

    private static void RequireShort(NetcodeBench bench, int repliesBefore, int packetBytes) => FuzzProbe.Require(
        bench.Replies <= repliesBefore + 1 && (bench.Replies == repliesBefore || bench.Reply.Length <= packetBytes),
        $"{bench.Replies - repliesBefore} replies to a packet of {packetBytes} bytes, the last of {bench.Reply.Length}");

    /// <summary>A peer with the keys of the server.</summary>
    private static NetcodePeer ServersSideOf()
    {
        ConnectTokenFormat.TryRead(Token, out PublicToken token);
        return new NetcodePeer(
            NetcodeBench.StrangerAddress, NetcodeBench.Protocol, token.ServerToClientKey, token.ClientToServerKey, 5, 0, NetcodeBench.Now);
    }

    /// <summary>A copy of a packet, with its bytes changed.</summary>
    private ReadOnlySpan<byte> Changed(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> changes, out bool isChanged)
    {
        Span<byte> copy = _packet.AsSpan(0, packet.Length);
        packet.CopyTo(copy);
        isChanged = Change(copy, changes);
        return copy;
    }

    /// <summary>Changes each byte by the one at the same place.</summary>
    private static bool Change(Span<byte> bytes, ReadOnlySpan<byte> changes)
    {
        bool isChanged = false;
        for (int i = 0; i < Math.Min(bytes.Length, changes.Length); i++)
        {
            bytes[i] ^= changes[i];
            isChanged |= changes[i] != 0;
        }

        return isChanged;
    }

    /// <summary>Seals a packet: its type, two bytes of its number, which may be at either end of the range, and its content.</summary>
    private ReadOnlySpan<byte> Seal(NetcodePeer peer, ReadOnlySpan<byte> input, out NetcodePacketType type)
    {
        Span<byte> head = stackalloc byte[3];
        input[..Math.Min(3, input.Length)].CopyTo(head);
        ReadOnlySpan<byte> content = input[Math.Min(3, input.Length)..];
        type = Types[head[0] % Types.Length];
        ulong number = (ulong)(head[1] | (head[2] << 8));
        number = head[2] >= 0x80 ? ulong.MaxValue - number : number;
        content.CopyTo(_packet.AsSpan(NetcodePacket.MaxHeaderBytes));
        int length = peer.SealAs(number, _packet, content.Length, type, out int start);
        return _packet.AsSpan(start, length);
    }

    private static void AddPacket(InputBuffer output, FuzzRandom random)
    {
        NetcodePacketType type = Types[random.Below(Types.Length)];
        if (type == NetcodePacketType.Request)
        {
            output.Add((byte)type);
            output.Add(NetcodePacket.Version);
            AddBytes(output, random, NetcodePacket.RequestBytes - 1 - NetcodePacket.VersionBytes);
            return;
        }

        int numberBytes = 1 + random.Below(8);
        output.Add((byte)((int)type | (numberBytes << 4)));
        int content = type switch
        {
            NetcodePacketType.Challenge or NetcodePacketType.Response => ChallengeBytes,
            NetcodePacketType.KeepAlive => 8,
            NetcodePacketType.Payload => 1 + random.Below(100),
            _ => 0,
        };
        AddBytes(output, random, numberBytes + content + NetcodePacket.MacBytes);
    }

    private static void AddBytes(InputBuffer output, FuzzRandom random, int count)
    {
        for (; count > 0; count--)
        {
            output.Add(random.NextByte());
        }
    }

    private static void AddZeros(InputBuffer output, int count)
    {
        for (; count > 0; count--)
        {
            output.Add(0);
        }
    }

    private static int Pick(FuzzRandom random, params ReadOnlySpan<int> choices) => choices[random.Below(choices.Length)];
}
