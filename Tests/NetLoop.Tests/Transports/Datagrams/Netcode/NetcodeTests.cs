using NetLoop.Transports.Datagrams.Netcode;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Datagrams.Netcode;

/// <summary>A server and clients of netcode without sockets: who gets in, and what an attacker achieves.</summary>
[Parallelizable]
public sealed class NetcodeTests
{
    private const ulong Protocol = 0x4E65744C6F6F7001;
    private const long Second = 1_000_000_000;

    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];
    private static readonly DatagramAddress Server = DatagramAddress.From(NetEndpoint.Udp("192.0.2.1", 7777));
    private static readonly DatagramAddress Client = DatagramAddress.From(NetEndpoint.Udp("198.51.100.1", 50_000));
    private static readonly DatagramAddress Attacker = DatagramAddress.From(NetEndpoint.Udp("203.0.113.66", 666));

    [OneTimeSetUp]
    public void LoadLibrary() => Sodium.Load();

    [Test]
    public void Connect_ValidToken_PayloadsGoBothWays()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Connect(bench.NewToken(clientId: 7, userData: [1, 2, 3]), Client);
        NetcodePeer peer = bench.Connected.Single();
        Assert.That((client.State, peer.ClientId, peer.Address), Is.EqualTo((NetcodeClientState.Connected, 7UL, Client)));
        Assert.That(peer.UserData[..4], Is.EqualTo(new byte[] { 1, 2, 3, 0 }));
        Assert.That(bench.ToServer(client, [5, 6, 7]), Is.EqualTo(new byte[] { 5, 6, 7 }));
        Assert.That(bench.ToClient(client, peer, [9]), Is.EqualTo(new byte[] { 9 }));
    }

    [Test]
    public void Connect_EveryThirdPacketLost_StillConnects()
    {
        var bench = new NetcodeBench { LosesEveryThird = true };
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        Assert.That(client.State, Is.EqualTo(NetcodeClientState.Connected));
        Assert.That(bench.Connected, Has.Count.EqualTo(1));
    }

    [Test]
    public void Replies_ToEveryPacketBeforeTheConnection_AreFewerAndShorterThanIt()
    {
        var bench = new NetcodeBench();
        bench.Connect(bench.NewToken(), Client);
        bench.MayConnect = false;
        bench.Connect(bench.NewToken(clientId: 2), Attacker);
        Assert.That(bench.WorstAmplification, Is.LessThanOrEqualTo(1.0));
        Assert.That(bench.MostReplies, Is.EqualTo(1));
    }

    [Test]
    public void Request_NotAuthentic_GetsNoReplyAndChangesNothing()
    {
        var bench = new NetcodeBench();
        byte[] request = bench.RequestOf(bench.NewToken());
        for (int i = 0; i < request.Length; i += 7)
        {
            byte[] forged = [.. request];
            forged[i] ^= 0x10;
            bench.Receive(Attacker, forged);
        }

        for (int length = 0; length < request.Length; length++)
        {
            bench.Receive(Attacker, request[..length]);
        }

        Assert.That(bench.SentByServer, Is.Zero);
        Assert.That(bench.Connect(bench.NewToken(), Client).State, Is.EqualTo(NetcodeClientState.Connected));
    }

    [Test]
    public void Receive_EachTypeAtEachLength_ChangesNothing()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        var random = new Random(1);
        for (int prefix = 0; prefix < 256; prefix++)
        {
            for (int length = 0; length <= 64; length++)
            {
                byte[] packet = new byte[length];
                random.NextBytes(packet);
                if (length > 0)
                {
                    packet[0] = (byte)prefix;
                }

                bench.Receive(Client, [.. packet]);
                client.TryReceive(packet, bench.Now, out _);
            }
        }

        Assert.That((client.State, bench.Server.Peers.Count, bench.Disconnected.Count), Is.EqualTo((NetcodeClientState.Connected, 1, 0)));
        Assert.That(bench.ToServer(client, [1]), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void Receive_ForgedHighNumber_DoesNotMoveTheReplayWindow()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        byte[] forged = [0x85, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[17]];
        bench.Receive(Client, forged);
        Assert.That(bench.ToServer(client, [1]), Is.EqualTo(new byte[] { 1 }), "the victim can still send");
    }

    [Test]
    public void Receive_CopyOfAPacket_IsDropped()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        byte[] packet = bench.Seal(client.Peer, [1]);
        Assert.That(bench.Receive(Client, [.. packet]), Is.Not.Null);
        Assert.That(bench.Receive(Client, [.. packet]), Is.Null);
        for (int i = 0; i < 300; i++)
        {
            bench.ToServer(client, [2]);
        }

        Assert.That(bench.Receive(Client, packet), Is.Null, "too old to tell");
    }

    [Test]
    public void Rejection_OfEachKindOfPacket_SaysWhyItWasDropped()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        NetcodePeer peer = bench.Connected.Single();
        byte[] packet = bench.Seal(client.Peer, [1]);
        Assert.That(Server(Client, [.. packet]), Is.EqualTo(PacketRejection.None));
        Assert.That(Server(Client, [.. packet]), Is.EqualTo(PacketRejection.Replayed));
        Assert.That(Server(Attacker, [.. packet]), Is.EqualTo(PacketRejection.UnknownSender));
        Assert.That(Server(Client, packet[..^1]), Is.EqualTo(PacketRejection.Malformed), "without its only byte");
        byte[] next = bench.Seal(client.Peer, [2]);
        next[^1] ^= 1;
        Assert.That(Server(Client, next), Is.EqualTo(PacketRejection.NotAuthentic));
        Assert.That(Server(Client, [1, 2, 3]), Is.EqualTo(PacketRejection.Malformed));
        byte[] request = bench.RequestOf(bench.NewToken(clientId: 9));
        Assert.That(Server(Attacker, [.. request]), Is.EqualTo(PacketRejection.None));
        Assert.That(Server(Attacker, [.. request]), Is.EqualTo(PacketRejection.None), "repeated until it is answered");
        Assert.That(Server(Client, [.. request]), Is.EqualTo(PacketRejection.InvalidToken), "used from another address");

        byte[] back = bench.Seal(peer, [3]);
        client.TryReceive([.. back], bench.Now, out _);
        Assert.That(client.Rejection, Is.EqualTo(PacketRejection.None));
        client.TryReceive([.. back], bench.Now, out _);
        Assert.That(client.Rejection, Is.EqualTo(PacketRejection.Replayed));
        client.TryReceive([1], bench.Now, out _);
        Assert.That(client.Rejection, Is.EqualTo(PacketRejection.Malformed));

        PacketRejection Server(DatagramAddress from, byte[] bytes)
        {
            bench.Receive(from, bytes);
            return bench.Server.Rejection;
        }
    }

    [Test]
    public void Token_UsedFromAnotherAddressFirst_IsBoundToThatAddress()
    {
        var bench = new NetcodeBench();
        byte[] token = bench.NewToken();
        bench.Receive(Attacker, bench.RequestOf(token));
        int before = bench.SentByServer;
        bench.Receive(Client, bench.RequestOf(token));
        Assert.That(bench.SentByServer, Is.EqualTo(before));
    }

    [Test]
    public void Token_AfterItsConnectionEnded_OpensNoOther()
    {
        var bench = new NetcodeBench();
        byte[] token = bench.NewToken();
        NetcodeClient client = bench.Connect(token, Client);
        bench.Receive(Client, client.WriteDisconnect(bench.Now).ToArray());
        Assert.That(bench.Disconnected, Has.Count.EqualTo(1));
        Assert.That(bench.Connect(token, Client).State, Is.EqualTo(NetcodeClientState.Requesting));
        Assert.That(bench.Connect(bench.NewToken(), Client).State, Is.EqualTo(NetcodeClientState.Connected));
    }

    [Test]
    public void Token_HistoryIsFull_RefusesNewTokensAndForgetsNone()
    {
        var bench = new NetcodeBench(maxUsedTokens: 2);
        byte[] first = bench.NewToken(clientId: 1);
        bench.Connect(first, Client);
        bench.Connect(bench.NewToken(clientId: 2), Attacker);
        Assert.That(bench.Connect(bench.NewToken(clientId: 3), new DatagramAddress(99, 99)).State, Is.EqualTo(NetcodeClientState.Requesting));
        bench.UnixSeconds += 100;
        Assert.That(bench.Connect(bench.NewToken(clientId: 3), new DatagramAddress(99, 99)).State, Is.EqualTo(NetcodeClientState.Connected));
    }

    [Test]
    public void Token_Expired_IsDropped()
    {
        var bench = new NetcodeBench();
        byte[] token = bench.NewToken();
        bench.UnixSeconds += 31;
        Assert.That(bench.Connect(token, Client).State, Is.EqualTo(NetcodeClientState.Requesting));
        Assert.That(bench.SentByServer, Is.Zero);
    }

    [Test]
    public void Token_ForAnotherServer_IsDropped()
    {
        var bench = new NetcodeBench(publicAddresses: [new DatagramAddress(5, 5)]);
        Assert.That(bench.Connect(bench.NewToken(), Client).State, Is.EqualTo(NetcodeClientState.Requesting));
    }

    [Test]
    public void Key_Replaced_FormerTokensStayValid()
    {
        byte[] newKey = [.. Key.Reverse()];
        var bench = new NetcodeBench(keys: [newKey, Key]);
        Assert.That(bench.Connect(bench.NewToken(clientId: 1), Client).State, Is.EqualTo(NetcodeClientState.Connected));
        Assert.That(bench.Connect(bench.NewToken(clientId: 2, key: newKey), Attacker).State, Is.EqualTo(NetcodeClientState.Connected));
        Assert.That(bench.Connect(bench.NewToken(clientId: 3, key: new byte[32]), new DatagramAddress(9, 9)).State, Is.EqualTo(NetcodeClientState.Requesting));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void SharedKey_SameTokenAfterARestartOrOnAnotherServer_NeverRepeatsANonce(int secondsApart)
    {
        byte[] token = new NetcodeBench().NewToken();
        var numbers = new HashSet<ulong>();
        for (int boot = 0; boot < 3; boot++)
        {
            var bench = new NetcodeBench(isShared: true, seed: boot) { UnixSeconds = NetcodeBench.StartSeconds + (boot * secondsApart) };
            NetcodeClient client = bench.Connect(token, Client);
            bench.ToClient(client, bench.Connected.Single(), [1]);
            foreach (byte[] packet in bench.Log)
            {
                Assert.That(NetcodePacket.TryReadHeader(packet, out _, out ulong sequence, out _), Is.True);
                Assert.That(numbers.Add(sequence), Is.True, $"number {sequence} was used in two runs with one key");
            }
        }
    }

    [Test]
    public void RandomSequence_ManyDraws_LeaveRoomBelowTheNumbersOfChallenges()
    {
        var entropy = new SeededBytes(5);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.That(NetcodePacket.RandomSequence(entropy), Is.LessThan(1UL << 62));
        }
    }

    [Test]
    public void Client_TokenThatMayBeOld_ConnectsWithARandomFirstNumber()
    {
        var bench = new NetcodeBench { FirstSequence = NetcodePacket.RandomSequence(new SeededBytes(9)) };
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        Assert.That(client.State, Is.EqualTo(NetcodeClientState.Connected));
        Assert.That(bench.ToServer(client, [1, 2]), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Timeout_CopiesOfTheHandshake_DoNotDelayIt()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        NetcodePeer peer = bench.Connected.Single();
        (long serverDue, long clientDue) = (peer.TimeoutDue, client.Peer.TimeoutDue);
        bench.Now += 3 * Second;
        byte[][] sentByServer = [.. bench.Log];
        foreach (byte[] packet in bench.ReceivedByServer.ToArray())
        {
            bench.Receive(Client, [.. packet]);
        }

        foreach (byte[] packet in sentByServer)
        {
            client.TryReceive([.. packet], bench.Now, out _);
        }

        Assert.That(peer.TimeoutDue, Is.EqualTo(serverDue));
        Assert.That(client.Peer.TimeoutDue, Is.EqualTo(clientDue));
    }

    [Test]
    public void Response_ToAChallengeOfATokenThatExpiredMeanwhile_NeitherThrowsNorIsForgotten()
    {
        var bench = new NetcodeBench(maxUsedTokens: 1);
        byte[] token = bench.NewToken(clientId: 1);
        NetcodeClient client = bench.Dial(token);
        byte[] request = client.WriteDue(bench.Now).ToArray();
        bench.UnixSeconds += 29;
        bench.Receive(Client, request);
        client.TryReceive([.. bench.Log[^1]], bench.Now, out _);
        byte[] response = client.WriteDue(bench.Now).ToArray();

        // The table is full, so expired tokens are forgotten; this one is still in use.
        bench.UnixSeconds += 3;
        bench.Now += 3 * Second;
        bench.Receive(Attacker, bench.RequestOf(bench.NewToken(clientId: 2)));
        bench.Receive(Client, response);

        Assert.That(bench.Connected.Single().ClientId, Is.EqualTo(1));
        bench.Server.Disconnect(bench.Connected.Single(), 0, bench.Now);
        bench.Receive(Client, request);
        bench.Receive(Client, response);
        Assert.That(bench.Connected, Has.Count.EqualTo(1), "used once");
    }

    [Test]
    public void Response_AfterThePendingTime_IsDropped()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Dial(bench.NewToken());
        bench.Receive(Client, client.WriteDue(bench.Now).ToArray());
        client.TryReceive([.. bench.Log[^1]], bench.Now, out _);
        bench.Now += 5 * Second;
        bench.Receive(Client, client.WriteDue(bench.Now).ToArray());
        Assert.That(bench.Connected, Is.Empty);
    }

    [TestCase(true, 89, true, TestName = "Token_ServersClockAMinuteAhead_IsAccepted")]
    [TestCase(true, 91, false, TestName = "Token_ServersClockMoreThanAMinuteAhead_IsDropped")]
    [TestCase(false, 29, true, TestName = "Token_OfThisServer_IsAcceptedUntilItExpires")]
    [TestCase(false, 31, false, TestName = "Token_OfThisServer_HasNoToleranceForClocks")]
    public void Token_Clocks(bool isShared, int secondsLater, bool isAccepted)
    {
        var bench = new NetcodeBench(isShared: isShared);
        byte[] token = bench.NewToken();
        bench.UnixSeconds += secondsLater;
        Assert.That(bench.Connect(token, Client).State, Is.EqualTo(isAccepted ? NetcodeClientState.Connected : NetcodeClientState.Requesting));
    }

    [Test]
    public void Token_OfAnHourFromAProgramWhoseClockIsAhead_IsAccepted()
    {
        var bench = new NetcodeBench(isShared: true);
        bench.UnixSeconds += 50;
        byte[] token = bench.NewToken(lifetime: 3600);
        bench.UnixSeconds -= 50;
        Assert.That(bench.Connect(token, Client).State, Is.EqualTo(NetcodeClientState.Connected));
    }

    [Test]
    public void Disconnect_BeforeTheClientKnowsThatItIsConnected_EndsIt()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Dial(bench.NewToken());
        bench.Receive(Client, client.WriteDue(bench.Now).ToArray());
        client.TryReceive([.. bench.Log[^1]], bench.Now, out _);
        bench.Receive(Client, client.WriteDue(bench.Now).ToArray());
        bench.Server.Disconnect(bench.Connected.Single(), 1, bench.Now);
        client.TryReceive([.. bench.Log[^1]], bench.Now, out _);
        Assert.That(client.State, Is.EqualTo(NetcodeClientState.Disconnected));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Timeout_OfATokenWithoutOne_NeverComes(int seconds)
    {
        var peer = new NetcodePeer(Client, Protocol, new byte[32], new byte[32], seconds, 0, Second);
        Assert.That(peer.TimeoutDue, Is.GreaterThan(1_000_000 * Second));
    }

    [Test]
    public void Connect_SameAddressWithNewToken_ReplacesTheFormerConnection()
    {
        var bench = new NetcodeBench();
        bench.Connect(bench.NewToken(clientId: 1), Client);
        NetcodeClient again = bench.Connect(bench.NewToken(clientId: 2), Client);
        Assert.That(again.State, Is.EqualTo(NetcodeClientState.Connected));
        Assert.That(bench.Replaced.Single().ClientId, Is.EqualTo(1));
        Assert.That(bench.ToServer(again, [1]), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void Connect_SameClientToAnotherLoop_LetsTheFormerConnectionGo()
    {
        var registry = new NetcodeRegistry(100);
        var first = new NetcodeBench(registry: registry);
        var second = new NetcodeBench(seed: 1, registry: registry);
        NetcodeClient client = first.Connect(first.NewToken(clientId: 1), Client);
        var moved = new DatagramAddress(Client.Address, 50_001);
        second.Connect(first.NewToken(clientId: 1), moved);
        Assert.That(first.Replaced.Single().Address, Is.EqualTo(Client));
        Assert.That(first.ToServer(client, [1]), Is.Null);
        Assert.That((first.Server.Peers.Count, second.Server.Peers.Count, second.Replaced.Count), Is.EqualTo((0, 1, 0)));

        // And back: the newest counts, wherever it is.
        first.Connect(first.NewToken(clientId: 1), Client);
        Assert.That((first.Server.Peers.Count, second.Server.Peers.Count, second.Replaced.Count), Is.EqualTo((1, 0, 1)));
    }

    [Test]
    public void Connect_TokenThatOpenedAConnectionOnAnotherLoop_IsDropped()
    {
        var registry = new NetcodeRegistry(100);
        var first = new NetcodeBench(registry: registry);
        var second = new NetcodeBench(seed: 1, registry: registry);
        byte[] token = first.NewToken();
        Assert.That(first.Connect(token, Client).State, Is.EqualTo(NetcodeClientState.Connected));
        Assert.That(second.Connect(token, Client).State, Is.EqualTo(NetcodeClientState.Requesting));
        Assert.That(second.Connect(token, new DatagramAddress(Client.Address, 50_001)).State, Is.EqualTo(NetcodeClientState.Requesting));
        Assert.That((second.Server.Peers.Count, second.SentByServer), Is.EqualTo((0, 0)));
    }

    [Test]
    public void EndIfReplaced_NewestConnection_StaysConnected()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        bench.Server.EndIfReplaced(bench.Connected.Single());
        Assert.That(bench.ToServer(client, [1]), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void Connect_SameClientFromNewAddress_LetsTheFormerAddressGo()
    {
        var bench = new NetcodeBench();
        NetcodeClient first = bench.Connect(bench.NewToken(clientId: 1), Client);
        var moved = new DatagramAddress(Client.Address, 50_001);
        bench.Connect(bench.NewToken(clientId: 1), moved);
        Assert.That(bench.Replaced.Single().Address, Is.EqualTo(Client));
        Assert.That(bench.ToServer(first, [1]), Is.Null);
        Assert.That(bench.Server.Peers, Has.Count.EqualTo(1));
    }

    [Test]
    public void Connect_ServerIsFull_IsDeniedAtOnce()
    {
        var bench = new NetcodeBench { MayConnect = false };
        Assert.That(bench.Connect(bench.NewToken(), Client).State, Is.EqualTo(NetcodeClientState.Denied));
    }

    [Test]
    public void Connect_ThousandClients_HaveNumbersBeyondAByte()
    {
        var bench = new NetcodeBench();
        for (uint i = 1; i <= 1000; i++)
        {
            bench.Connect(bench.NewToken(clientId: i), new DatagramAddress(i, 1));
        }

        Assert.That(bench.Server.Peers, Has.Count.EqualTo(1000));
    }

    [Test]
    public void SealAndOpen_Packets_AllocateNothing()
    {
        var bench = new NetcodeBench();
        NetcodeClient client = bench.Connect(bench.NewToken(), Client);
        NetcodePeer peer = bench.Connected.Single();
        byte[] buffer = new byte[1200];
        Exchange(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(1000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Exchange(int count)
        {
            for (int i = 0; i < count; i++)
            {
                int length = client.Peer.SealPayload(buffer, 100, bench.Now, out int start);
                Span<byte> packet = buffer.AsSpan(start, length);
                Invariants(NetcodePacket.TryReadHeader(packet, out NetcodePacketType type, out ulong sequence, out int headerBytes));
                Invariants(peer.TryOpen(packet, type, sequence, headerBytes, bench.Now, out _));
            }
        }

        static void Invariants(bool holds)
        {
            if (!holds)
            {
                throw new InvalidOperationException();
            }
        }
    }

    [Test]
    public void ReplayWindow_AtTheTopOfTheNumbers_DoesNotOverflow()
    {
        var window = default(ReplayWindow);
        window.Accept(ulong.MaxValue - 1);
        Assert.That(window.IsReplay(ulong.MaxValue - 1), Is.True);
        Assert.That(window.IsReplay(ulong.MaxValue - 257), Is.True);
        Assert.That(window.IsReplay(ulong.MaxValue - 256), Is.False);
        Assert.That(window.IsReplay(ulong.MaxValue), Is.False);
        window.Accept(ulong.MaxValue);
        Assert.That(window.IsReplay(0), Is.True);
    }

    [Test]
    public void ReplayWindow_RandomOrder_AgreesWithASet()
    {
        var random = new Random(3);
        var window = default(ReplayWindow);
        var seen = new HashSet<ulong>();
        ulong newest = 0;
        for (int i = 0; i < 100_000; i++)
        {
            ulong number = (ulong)Math.Max(0, (long)newest + random.Next(-300, 30));
            bool isReplay = seen.Contains(number) || (seen.Count > 0 && number + 256 <= newest);
            Assert.That(window.IsReplay(number), Is.EqualTo(isReplay));
            if (!isReplay)
            {
                window.Accept(number);
                seen.Add(number);
                newest = Math.Max(newest, number);
            }
        }
    }

    /// <summary>A server with a network of its own, which counts what each side sends.</summary>
    private sealed class NetcodeBench : INetcodeServerHost
    {
        public const long StartSeconds = 1_800_000_000;

        private readonly Queue<(DatagramAddress To, byte[] Packet)> _sent = new();
        private int _drawn;
        private int _packets;

        public NetcodeBench(
            byte[][]? keys = null,
            DatagramAddress[]? publicAddresses = null,
            int maxUsedTokens = 65_536,
            bool isShared = false,
            int seed = 0,
            NetcodeRegistry? registry = null)
        {
            var options = new NetcodeServerOptions
            {
                ProtocolId = Protocol,
                Keys = keys ?? [Key],
                PublicAddresses = publicAddresses ?? [],
                MaxUsedTokens = maxUsedTokens,
                AreKeysShared = isShared,
            };
            Server = new NetcodeServer(options, this, new SeededBytes(seed), registry ?? new NetcodeRegistry(options.MaxUsedTokens));
        }

        public NetcodeServer Server { get; }

        public long Now { get; set; } = Second;

        public ulong FirstSequence { get; init; }

        public List<byte[]> ReceivedByServer { get; } = [];

        public long UnixSeconds { get; set; } = StartSeconds;

        public bool MayConnect { get; set; } = true;

        public bool LosesEveryThird { get; init; }

        public List<NetcodePeer> Connected { get; } = [];

        public List<NetcodePeer> Disconnected { get; } = [];

        public List<NetcodePeer> Replaced { get; } = [];

        public List<byte[]> Log { get; } = [];

        public int SentByServer => Log.Count;

        public double WorstAmplification { get; private set; }

        public int MostReplies { get; private set; }

        public byte[] NewToken(ulong clientId = 1, byte[]? userData = null, byte[]? key = null, int lifetime = 30)
        {
            byte[] token = new byte[ConnectTokenFormat.PublicBytes];
            byte[] random = new byte[88];
            new Random(++_drawn + (int)clientId * 1000).NextBytes(random);
            var content = new PublicToken(
                Protocol,
                (ulong)UnixSeconds,
                (ulong)(UnixSeconds + lifetime),
                random.AsSpan(0, 24),
                5,
                [NetcodeTests.Server],
                random.AsSpan(24, 32),
                random.AsSpan(56, 32));
            ConnectTokenFormat.Write(token, content, userData ?? [], clientId, key ?? Key);
            return token;
        }

        public byte[] RequestOf(byte[] token)
        {
            Assert.That(ConnectTokenFormat.TryRead(token, out PublicToken content), Is.True);
            return new NetcodeClient(content, NetcodeTests.Server, FirstSequence, Now).WriteDue(Now).ToArray();
        }

        public NetcodeClient Dial(byte[] token)
        {
            Assert.That(ConnectTokenFormat.TryRead(token, out PublicToken content), Is.True);
            return new NetcodeClient(content, NetcodeTests.Server, FirstSequence, Now);
        }

        public NetcodeClient Connect(byte[] token, DatagramAddress from)
        {
            NetcodeClient client = Dial(token);
            for (int i = 0; i < 50 && client.State is NetcodeClientState.Requesting or NetcodeClientState.Responding; i++)
            {
                if (client.WriteDue(Now) is { IsEmpty: false } due)
                {
                    byte[] packet = due.ToArray();
                    if (!IsLost())
                    {
                        Receive(from, packet);
                    }
                }

                while (_sent.TryDequeue(out (DatagramAddress To, byte[] Packet) sent))
                {
                    if (sent.To == from && !IsLost())
                    {
                        client.TryReceive(sent.Packet, Now, out _);
                    }
                }

                Now += Second / 20;
            }

            return client;
        }

        /// <summary>Lets the server receive a packet.</summary>
        /// <returns>The payload; null for none.</returns>
        public byte[]? Receive(DatagramAddress from, byte[] packet)
        {
            int before = Log.Count;
            int length = packet.Length;
            ReceivedByServer.Add([.. packet]);
            bool isPayload = Server.TryReceive(from, packet, Now, UnixSeconds, out _, out Span<byte> payload);
            byte[]? result = isPayload ? payload.ToArray() : null;
            MostReplies = Math.Max(MostReplies, Log.Count - before);
            if (length > 0)
            {
                WorstAmplification = Math.Max(WorstAmplification, Log.Skip(before).Sum(static reply => reply.Length) / (double)length);
            }

            return result;
        }

        public byte[]? ToServer(NetcodeClient client, byte[] payload) => Receive(Client, Seal(client.Peer, payload));

        public byte[]? ToClient(NetcodeClient client, NetcodePeer peer, byte[] payload)
        {
            byte[] packet = Seal(peer, payload);
            Log.Add([.. packet]);
            return client.TryReceive(packet, Now, out Span<byte> read) ? read.ToArray() : null;
        }

        public byte[] Seal(NetcodePeer peer, byte[] payload)
        {
            byte[] buffer = new byte[NetcodePacket.MaxOverheadBytes + payload.Length];
            payload.CopyTo(buffer.AsSpan(NetcodePacket.MaxHeaderBytes));
            int length = peer.SealPayload(buffer, payload.Length, Now, out int start);
            return buffer[start..(start + length)];
        }

        bool INetcodeServerHost.MayConnect(in DatagramAddress from) => MayConnect;

        void INetcodeServerHost.Send(in DatagramAddress to, ReadOnlySpan<byte> packet)
        {
            _sent.Enqueue((to, packet.ToArray()));
            Log.Add(packet.ToArray());
        }

        void INetcodeServerHost.OnConnected(NetcodePeer peer) => Connected.Add(peer);

        void INetcodeServerHost.OnDisconnected(NetcodePeer peer, bool isReplaced) => (isReplaced ? Replaced : Disconnected).Add(peer);

        void INetcodeServerHost.PostReplaced(NetcodePeer peer) => Server.EndIfReplaced(peer);

        private bool IsLost() => LosesEveryThird && ++_packets % 3 == 1;
    }

    private sealed class SeededBytes(int seed) : IEntropySource
    {
        private readonly Random _random = new(seed);

        public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
    }
}
