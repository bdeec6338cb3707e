using NetLoop.Simulation;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Network;

/// <summary>Datagram sockets of the simulation: what a network and a kernel do to a datagram.</summary>
[TestFixture]
internal sealed class SimulatedDatagramSocketTests
{
    private const int Second = 1_000_000_000;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(70_000, pinned: true);
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly IncomingDatagram[] _incoming = new IncomingDatagram[512];
    private SimulatedNetwork _network = null!;
    private SimulatedHost _client = null!;
    private SimulatedHost _server = null!;
    private SocketHandle _receiver;
    private NetEndpoint _address;
    private SocketHandle _sender;
    private NetEndpoint _source;

    [SetUp]
    public void SetUp() => Start(LinkConditions.Perfect);

    [TearDown]
    public void TearDown() => _network.Dispose();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1_200)]
    [TestCase(2_048)]
    public void Send_OfEveryLength_ArrivesWhole(int length)
    {
        _bytes[Math.Max(0, length - 1)] = 77;
        Assert.That(Send(length), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(Receive(), Is.EqualTo(1));
        Assert.That(_incoming[0], Is.EqualTo(new IncomingDatagram(0, length, false, DatagramAddress.From(_source))));
        Assert.That(length == 0 || _buffer[length - 1] == 77);
    }

    [Test]
    public void Receive_EmptyDatagramBetween_DoesNotEndTheBatch()
    {
        Send(3);
        Send(0);
        Send(4);
        Assert.That(Receive(), Is.EqualTo(3));
        Assert.That(_incoming[..3].Select(datagram => (datagram.Start, datagram.Length)), Is.EqualTo(new[] { (0, 3), (2_048, 0), (4_096, 4) }));
        Assert.That(Receive(), Is.Zero);
    }

    [Test]
    public void Receive_LongerThanItsSlot_IsCut()
    {
        Send(65_507);
        Send(20);
        Assert.That(Receive(), Is.EqualTo(2));
        Assert.That(_incoming[0], Is.EqualTo(new IncomingDatagram(0, 2_048, true, DatagramAddress.From(_source))));
        Assert.That(_incoming[1], Is.EqualTo(new IncomingDatagram(2_048, 20, false, DatagramAddress.From(_source))));
    }

    [Test]
    public void Receive_BufferTooSmall_CutsTheFirstAndKeepsTheNext()
    {
        Send(10);
        Send(20);
        SocketResult result = _server.Stack.ReceiveDatagrams(_receiver, _buffer.AsSpan(0, 8), _incoming);
        Assert.That(result, Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(_incoming[0], Is.EqualTo(new IncomingDatagram(0, 8, true, DatagramAddress.From(_source))));
        Assert.That(Receive(), Is.EqualTo(1));
        Assert.That(_incoming[0].Length, Is.EqualTo(20));
    }

    [TestCase(0, 256)]
    [TestCase(180, 256)]
    [TestCase(200, 166)]
    [TestCase(700, 92)]
    [TestCase(1_200, 92)]
    [TestCase(1_700, 48)]
    [TestCase(9_000, 12)]
    [TestCase(60_000, 3)]
    public void Send_MoreThanTheReceiveBufferHolds_DropsAsLinuxDoes(int length, int held)
    {
        const int Sent = 300;
        for (int count = 0; count < Sent; count++)
        {
            Assert.That(Send(length).Status, Is.EqualTo(SocketStatus.Ok));
        }

        Assert.That(_server.Stack.CountDroppedDatagrams(_receiver), Is.EqualTo(Sent - held));
        Assert.That(ReceiveAll(), Is.EqualTo(held));
        Send(length);
        Assert.That(Receive(), Is.EqualTo(1), "there is room again");
    }

    [TestCase(2_048, 1_200, 1)]
    [TestCase(65_536, 1_200, 56)]
    [TestCase(1 << 20, 1_200, 910)]
    public void OpenDatagram_ReceiveBufferBytes_ScalesTheBuffer(int requested, int length, int held)
    {
        _server.Stack.Close(_receiver, reset: false);
        Bind("127.0.0.1", new DatagramSocketOptions(requested, 0, false));
        for (int count = 0; count < 1_000; count++)
        {
            Send(length);
        }

        Assert.That(ReceiveAll(), Is.EqualTo(held));
    }

    [Test]
    public void Send_ToAClosedPort_TellsConnectedSocketsOnce()
    {
        SocketHandle connected = Connect();
        _server.Stack.Close(_receiver, reset: false);
        Assert.That(Send(3), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)), "an unconnected socket learns nothing");
        Assert.That(_client.Stack.ReceiveDatagrams(_sender, _buffer, _incoming).Status, Is.EqualTo(SocketStatus.WouldBlock));
        Assert.That(SendConnected(connected, 3), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(_client.Find(connected)!.CurrentReadiness(), Is.EqualTo(Readiness.Readable | Readiness.Writable | Readiness.Failed));
        Assert.That(_client.Stack.ReceiveDatagrams(connected, _buffer, _incoming).Status, Is.EqualTo(SocketStatus.ConnectionRefused));
        Assert.That(_client.Stack.ReceiveDatagrams(connected, _buffer, _incoming).Status, Is.EqualTo(SocketStatus.WouldBlock));
        Assert.That(SendConnected(connected, 3).Status, Is.EqualTo(SocketStatus.Ok));
        Assert.That(SendConnected(connected, 3), Is.EqualTo(new SocketResult(SocketStatus.ConnectionRefused, 0)));
        Assert.That(SendConnected(connected, 3).Status, Is.EqualTo(SocketStatus.Ok));
        Bind("127.0.0.1", default, _address.Port);
    }

    [Test]
    public void ConnectedSocket_DatagramFromSomebodyElse_IsNotReceived()
    {
        SocketHandle connected = Connect();
        DatagramAddress local = DatagramAddress.From(_client.Find(connected)!.Local);
        _client.Stack.SendDatagrams(_sender, [new OutgoingDatagram(new SendSegment(_bytes.AsSpan(0, 3)), local)]);
        Assert.That(_client.Stack.ReceiveDatagrams(connected, _buffer, _incoming).Status, Is.EqualTo(SocketStatus.WouldBlock));
        _server.Stack.SendDatagrams(_receiver, [new OutgoingDatagram(new SendSegment(_bytes.AsSpan(0, 3)), local)]);
        Assert.That(_client.Stack.ReceiveDatagrams(connected, _buffer, _incoming), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
    }

    [TestCase("127.0.0.1", "127.0.0.1", SocketStatus.AddressInUse)]
    [TestCase("0.0.0.0", "127.0.0.1", SocketStatus.AddressInUse)]
    [TestCase("127.0.0.1", "0.0.0.0", SocketStatus.AddressInUse)]
    [TestCase("::", "127.0.0.1", SocketStatus.AddressInUse)]
    [TestCase("::", "::1", SocketStatus.AddressInUse)]
    [TestCase("127.0.0.1", "::", SocketStatus.AddressInUse)]
    [TestCase("127.0.0.1", "::1", SocketStatus.Ok)]
    [TestCase("0.0.0.0", "::1", SocketStatus.Ok)]
    [TestCase("127.0.0.1", "127.0.0.2", SocketStatus.Ok)]
    [TestCase("127.0.0.1", "10.99.0.1", SocketStatus.AddressNotAvailable)]
    public void OpenDatagram_OnAPortThatIsHeld_ConflictsWhereAddressesOverlap(string first, string second, SocketStatus expected)
    {
        _server.Stack.Close(_receiver, reset: false);
        Bind(first, default);
        SocketStatus status = _server.Stack.OpenDatagram(NetEndpoint.Udp(second, _address.Port), false, default, out _, out NetEndpoint local);
        Assert.That(status, Is.EqualTo(expected));
        Assert.That(local.Port, Is.EqualTo(expected == SocketStatus.Ok ? _address.Port : 0));
        Assert.That(_server.Stack.FindHolder(_address), Is.Not.Null);
        Assert.That(_server.Stack.Listen(NetEndpoint.Tcp("127.0.0.1", _address.Port), 1, out _, out _), Is.EqualTo(SocketStatus.Ok), "TCP has its own ports");
    }

    [Test]
    public void OpenDatagram_SharedPort_EachSenderReachesOneSocketAndAllAreUsed()
    {
        var shared = new DatagramSocketOptions { IsShared = true };
        Bind("127.0.0.1", shared);
        Assert.That(_server.Stack.OpenDatagram(_address, false, default, out _, out _), Is.EqualTo(SocketStatus.AddressInUse), "it does not share");
        Assert.That(_server.Stack.OpenDatagram(_address, false, shared, out SocketHandle second, out _), Is.EqualTo(SocketStatus.Ok));
        var reached = new List<bool>();
        for (int sender = 0; sender < 20; sender++)
        {
            SocketHandle connected = Connect();
            for (int repeat = 0; repeat < 3; repeat++)
            {
                _client.Stack.SendDatagrams(connected, [new OutgoingDatagram(new SendSegment(_bytes.AsSpan(0, 1)), default)]);
                Pass(Second);
                bool isFirst = ReceiveAll() == 1;
                reached.Add(isFirst);
                Assert.That(isFirst || _server.Stack.ReceiveDatagrams(second, new byte[2_048], new IncomingDatagram[1]).Count == 1, Is.True);
                Assert.That(isFirst, Is.EqualTo(reached[sender * 3]), "the sender's datagrams reach one socket");
            }
        }

        Assert.That(reached, Does.Contain(true).And.Contain(false));
    }

    [Test]
    public void DualStackSocket_ReceivesFromBothFamilies_AndAnswersBoth()
    {
        _server.Stack.Close(_receiver, reset: false);
        Bind("::", default);
        foreach (string host in (string[])["127.0.0.1", "::1"])
        {
            _client.Stack.OpenDatagram(NetEndpoint.Udp(host, _address.Port), true, default, out SocketHandle client, out NetEndpoint local);
            Assert.That(SendConnected(client, 5).Status, Is.EqualTo(SocketStatus.Ok));
            Assert.That(Receive(), Is.EqualTo(1));
            Assert.That(_incoming[0].From, Is.EqualTo(DatagramAddress.From(local)));
            _server.Stack.SendDatagrams(_receiver, [new OutgoingDatagram(new SendSegment(_bytes.AsSpan(0, 4)), _incoming[0].From)]);
            Assert.That(_client.Stack.ReceiveDatagrams(client, _buffer, _incoming), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        }
    }

    [Test]
    public void Send_TooLong_IsItsOwnErrorAndDoesNotBlockTheRest()
    {
        OutgoingDatagram small = new(new SendSegment(_bytes.AsSpan(0, 3)), DatagramAddress.From(_address));
        OutgoingDatagram large = new(new SendSegment(_bytes.AsSpan(0, 65_508)), DatagramAddress.From(_address));
        Assert.That(_client.Stack.SendDatagrams(_sender, [small, large, small]), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(_client.Stack.SendDatagrams(_sender, [large, small]), Is.EqualTo(new SocketResult(SocketStatus.MessageTooLong, 0)));
        Assert.That(_client.Stack.SendDatagrams(_sender, [small]), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(ReceiveAll(), Is.EqualTo(2));
    }

    [Test]
    public void Link_MaxPacketBytes_RefusesUnfragmentedOnly()
    {
        Restart(LinkConditions.Perfect with { MaxPacketBytes = 1_280 });
        _client.Stack.OpenDatagram(_address, true, new DatagramSocketOptions(0, 0, true), out SocketHandle unfragmented, out _);
        Assert.That(SendConnected(unfragmented, 1_252).Status, Is.EqualTo(SocketStatus.Ok));
        Assert.That(SendConnected(unfragmented, 1_253).Status, Is.EqualTo(SocketStatus.MessageTooLong));
        Assert.That(Send(1_253).Status, Is.EqualTo(SocketStatus.Ok));
        Assert.That(ReceiveAll(), Is.EqualTo(2));
    }

    [Test]
    public void Link_DroppedPacketBytes_DropsSilently()
    {
        Restart(LinkConditions.Perfect with { DroppedPacketBytes = 1_280 });
        Assert.That(Send(1_252).Status, Is.EqualTo(SocketStatus.Ok));
        Assert.That(Send(1_253).Status, Is.EqualTo(SocketStatus.Ok));
        Assert.That(ReceiveAll(), Is.EqualTo(1));
        _network.LoseNothing();
        Send(1_253);
        Assert.That(ReceiveAll(), Is.EqualTo(1));
    }

    [Test]
    public void Link_LatencyAndLoss_ApplyToDatagrams()
    {
        Restart(new LinkConditions(TimeSpan.FromMilliseconds(10), Loss: 0.25));
        for (int count = 0; count < 200; count++)
        {
            Send(10);
        }

        Pass(9_900_000);
        Assert.That(Receive(), Is.Zero);
        Pass(Second);
        Assert.That(ReceiveAll(), Is.InRange(125, 175));
    }

    [Test]
    public void Link_Duplication_DeliversTwice()
    {
        Restart(LinkConditions.Perfect with { Duplication = 0.5 });
        for (int count = 0; count < 100; count++)
        {
            Send(10);
        }

        Assert.That(ReceiveAll(), Is.InRange(130, 170));
    }

    [TestCase(5, 0.0)]
    [TestCase(0, 0.3)]
    public void Link_JitterOrReordering_LetsDatagramsOvertake(int jitter, double reordering)
    {
        Restart(new LinkConditions(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(jitter)) { Reordering = reordering });
        SendNumbered(200);
        Pass(Second);
        Assert.That(ReceiveAll(), Is.EqualTo(200));
        Assert.That(Numbers(200), Is.Not.Ordered.And.EquivalentTo(Enumerable.Range(0, 200)));
    }

    [Test]
    public void Link_Bandwidth_QueuesThenDrops()
    {
        // 100 packets of 1,000 bytes fit into the queue, and take a second.
        Restart(new LinkConditions(TimeSpan.Zero, BytesPerSecond: 100_000) { QueueBytes = 100_000 });
        for (int count = 0; count < 200; count++)
        {
            Send(972);
        }

        Pass(Second / 2);
        Assert.That(ReceiveAll(), Is.InRange(48, 51));
        Pass(Second);
        Assert.That(ReceiveAll(), Is.InRange(48, 52));
    }

    [Test]
    public void CutLink_LosesDatagrams_UntilItHeals()
    {
        _network.Cut(_client, _server);
        Send(3);
        _network.Heal(_client, _server);
        Send(4);
        Pass(Second);
        Assert.That(Receive(), Is.EqualTo(1));
        Assert.That(_incoming[0].Length, Is.EqualTo(4));
    }

    [TestCase(FaultClass.DatagramLoss)]
    [TestCase(FaultClass.DatagramBurstLoss)]
    [TestCase(FaultClass.DatagramOverflow)]
    [TestCase(FaultClass.DatagramBlackHole)]
    public void Fault_ThatLoses_LosesSome(FaultClass fault)
    {
        SetFault(fault, 0.05);
        int received = 0;
        for (int count = 0; count < 300; count++)
        {
            Send(1_400);
            received += ReceiveAll();
        }

        Assert.That(received, Is.InRange(1, 299));
        Assert.That(_network.Faults.Fired[(int)fault], Is.Positive);
        Assert.That(_server.Stack.CountDroppedDatagrams(_receiver) > 0, Is.EqualTo(fault == FaultClass.DatagramOverflow));
    }

    [Test]
    public void BurstLoss_LosesSeveralInARow()
    {
        SetFault(FaultClass.DatagramBurstLoss, 0.05);
        SendNumbered(200);
        int count = ReceiveAll();
        int[] numbers = Numbers(count);
        Assert.That(200 - count, Is.GreaterThan(1 + (int)_network.Faults.Fired[(int)FaultClass.DatagramBurstLoss]), "more datagrams than bursts");
        Assert.That(numbers, Is.Ordered);
    }

    [TestCase(FaultClass.DatagramDuplicated, false)]
    [TestCase(FaultClass.DatagramReplayed, false)]
    [TestCase(FaultClass.DatagramSpoofed, true)]
    public void Fault_ThatAddsDatagrams_KeepsTheRealOnes(FaultClass fault, bool isChanged)
    {
        SetFault(fault, 0.5);
        SendNumbered(40);
        Pass(20L * Second);
        int count = ReceiveAll();
        Assert.That(count, Is.InRange(50, 70));
        bool isForged = _incoming[..count].Any(datagram => datagram.From != DatagramAddress.From(_source)) || Numbers(count).Any(number => number >= 40);
        Assert.That(isForged, Is.EqualTo(isChanged));
        Assert.That(Numbers(count), Is.SupersetOf(Enumerable.Range(0, 40)));
    }

    [Test]
    public void Fault_Corrupted_ChangesAtMostThreeBits()
    {
        SetFault(FaultClass.DatagramCorrupted, 1);
        for (int count = 0; count < 50; count++)
        {
            Send(100);
            Assert.That(Receive(), Is.EqualTo(1));
            Assert.That(_incoming[0].Length, Is.EqualTo(100));
            Assert.That(_buffer.Take(100).Sum(value => System.Numerics.BitOperations.PopCount(value)), Is.LessThanOrEqualTo(3));
        }
    }

    [Test]
    public void Fault_Truncated_KeepsTheBeginning()
    {
        SetFault(FaultClass.DatagramTruncated, 1);
        Send(100);
        Assert.That(Receive(), Is.EqualTo(1));
        Assert.That(_incoming[0].Length, Is.LessThan(100));
    }

    [Test]
    public void Fault_Refused_IsSeenByConnectedSocketsOnly()
    {
        SetFault(FaultClass.DatagramRefused, 1);
        SocketHandle connected = Connect();
        SendConnected(connected, 3);
        Send(3);
        Pass(Second);
        Assert.That(_client.Stack.ReceiveDatagrams(connected, _buffer, _incoming).Status, Is.EqualTo(SocketStatus.ConnectionRefused));
        Assert.That(_client.Stack.ReceiveDatagrams(_sender, _buffer, _incoming).Status, Is.EqualTo(SocketStatus.WouldBlock));
        Assert.That(ReceiveAll(), Is.EqualTo(2));
    }

    [Test]
    public void Fault_SendWouldBlock_IsWritableAgainLater()
    {
        using IPoller poller = _client.Stack.CreatePoller(PollerKind.Auto);
        poller.Add(_sender, Interest.Writable, new Token(1, 1));
        SetFault(FaultClass.DatagramSendWouldBlock, 1);
        Assert.That(Send(3), Is.EqualTo(new SocketResult(SocketStatus.WouldBlock, 0)));
        ReadyEvent[] events = new ReadyEvent[4];
        Assert.That(poller.Wait(events, 0), Is.Zero);
        Assert.That(poller.Wait(events, Second), Is.EqualTo(1));
        Assert.That(events[0].Readiness, Is.EqualTo(Readiness.Writable));
        _network.Faults.IsActive = false;
        Assert.That(Send(3).Status, Is.EqualTo(SocketStatus.Ok));
        poller.Remove(_sender);
    }

    [TestCase(FaultClass.DatagramSendNoBuffers, SocketStatus.NoBuffers)]
    [TestCase(FaultClass.DatagramSendDenied, SocketStatus.AccessDenied)]
    [TestCase(FaultClass.DatagramSendTooLong, SocketStatus.MessageTooLong)]
    public void Fault_OfASend_IsItsStatus(FaultClass fault, SocketStatus expected)
    {
        _client.Stack.OpenDatagram(_address, true, new DatagramSocketOptions(0, 0, true), out SocketHandle connected, out _);
        SetFault(fault, 1);
        Assert.That(SendConnected(connected, 1_200), Is.EqualTo(new SocketResult(expected, 0)));
        Assert.That(ReceiveAll(), Is.Zero);
    }

    [Test]
    public void Faults_OfBatches_DoFewerAtOnce()
    {
        SetFault(FaultClass.DatagramSendPartial, 1);
        SetFault(FaultClass.DatagramReceivePartial, 1);
        OutgoingDatagram one = new(new SendSegment(_bytes.AsSpan(0, 3)), DatagramAddress.From(_address));
        int sent = 0;
        while (sent < 100)
        {
            OutgoingDatagram[] rest = Enumerable.Repeat(one, 100 - sent).ToArray();
            SocketResult result = _client.Stack.SendDatagrams(_sender, rest);
            Assert.That(result.Count, Is.InRange(1, rest.Length));
            sent += result.Count;
        }

        int calls = 0;
        int received = 0;
        while (Receive() is > 0 and int count)
        {
            calls++;
            received += count;
        }

        Assert.That(received, Is.EqualTo(100));
        Assert.That(calls, Is.GreaterThan(1));
        SetFault(FaultClass.DatagramReceiveWouldBlock, 1);
        Send(3);
        Assert.That(Receive(), Is.Zero);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void AddressTranslation_AfterRebind_TheOldAddressIsDead(bool changesHost)
    {
        SocketHandle connected = Connect();
        SendConnected(connected, 3);
        Receive();
        DatagramAddress before = _incoming[0].From;
        _network.TranslationOf(_client).Rebind(changesHost);
        Assert.That(AnswerArrives(before, connected), Is.False);
        SendConnected(connected, 3);
        Receive();
        DatagramAddress after = _incoming[0].From;
        Assert.That(after.Port, Is.Not.EqualTo(before.Port));
        Assert.That(after.Address != before.Address, Is.EqualTo(changesHost));
        Assert.That(AnswerArrives(before, connected), Is.False);
        Assert.That(AnswerArrives(after, connected), Is.True);
        _network.TranslationOf(_client).Rebind(changesHost);
        Assert.That(AnswerArrives(after, connected), Is.False);
    }

    [Test]
    public void Inject_AnyAddress_ArrivesAsIfFromIt()
    {
        DatagramAddress forged = new(0xFFFF_0A09_0807, 4_711);
        _network.Inject(_client, [1, 2, 3], forged, DatagramAddress.From(_address));
        Assert.That(Receive(), Is.EqualTo(1));
        Assert.That(_incoming[0].From, Is.EqualTo(forged));
    }

    [Test]
    public void Hosts_ReachEachOtherByAddress_AndLosePower()
    {
        _server.Stack.Close(_receiver, reset: false);
        Bind("0.0.0.0", default);
        NetEndpoint byAddress = _server.Address.WithPort(_address.Port).AsUdp();
        _client.Stack.OpenDatagram(byAddress, true, default, out SocketHandle connected, out NetEndpoint local);
        Assert.That(local.Address, Is.EqualTo(_client.Address.Address));
        SendConnected(connected, 3);
        Assert.That(Receive(), Is.EqualTo(1));
        Assert.That(_incoming[0].From, Is.EqualTo(DatagramAddress.From(local)));
        Assert.That(AnswerArrives(_incoming[0].From, connected), Is.True);
        _server.CloseEverything(withoutAWord: true);
        _server.IsUp = false;
        SendConnected(connected, 3);
        Assert.That(_client.Stack.ReceiveDatagrams(connected, _buffer, _incoming).Status, Is.EqualTo(SocketStatus.WouldBlock), "a dead machine says nothing");
        _server.IsUp = true;
        SendConnected(connected, 3);
        Assert.That(_client.Stack.ReceiveDatagrams(connected, _buffer, _incoming).Status, Is.EqualTo(SocketStatus.ConnectionRefused));
    }

    [Test]
    public void SameSeed_SameTrace_AndSwitchingOffAClassChangesNoOther()
    {
        (ulong hash, int[] numbers) = RunFaulty(7, loss: 0.1);
        Assert.That(RunFaulty(7, loss: 0.1), Is.EqualTo((hash, numbers)));
        Assert.That(RunFaulty(8, loss: 0.1).Hash, Is.Not.EqualTo(hash));
        int[] withoutLoss = RunFaulty(7, loss: 0).Numbers;
        Assert.That(numbers, Is.SubsetOf(withoutLoss));
        Assert.That(withoutLoss, Has.Length.GreaterThan(numbers.Length));
    }

    [Test]
    public void SendAndReceive_AfterWarmUp_AllocateNothing()
    {
        Restart(new LinkConditions(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)) { Duplication = 0.1 });
        OutgoingDatagram[] batch = new OutgoingDatagram[32];
        Array.Fill(batch, new OutgoingDatagram(new SendSegment(_bytes.AsSpan(0, 1_200)), DatagramAddress.From(_address)));
        long allocated = 0;
        for (int round = 0; round < 4; round++)
        {
            // More in flight than later.
            _client.Stack.SendDatagrams(_sender, batch);
        }

        for (int round = 0; round < 200; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            _client.Stack.SendDatagrams(_sender, batch);
            Pass(5_000_000);
            _server.Stack.ReceiveDatagrams(_receiver, _buffer, _incoming);
            allocated += round < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(allocated, Is.Zero);
    }

    private void Restart(LinkConditions link)
    {
        _network.Dispose();
        Start(link);
    }

    private void Start(LinkConditions link, ulong seed = 1)
    {
        link.Validate();
        _network = new SimulatedNetwork(seed) { IsSelfDriven = true, Link = link };
        _client = _network.AddHost("client");
        _server = _network.AddHost("server");
        _client.LoopbackHost = _server;
        Array.Clear(_bytes);
        Bind("127.0.0.1", default);
        Assert.That(_client.Stack.OpenDatagram(NetEndpoint.Udp("127.0.0.1", 0), false, default, out _sender, out _source), Is.EqualTo(SocketStatus.Ok));
    }

    private (ulong Hash, int[] Numbers) RunFaulty(ulong seed, double loss)
    {
        _network.Dispose();
        Start(new LinkConditions(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5)), seed);
        SetFault(FaultClass.DatagramLoss, loss);
        SetFault(FaultClass.DatagramDuplicated, 0.1);
        SetFault(FaultClass.DatagramReordered, 0.1);
        SetFault(FaultClass.DatagramReplayed, 0.1);
        SendNumbered(100);
        Pass(20L * Second);
        int count = ReceiveAll();
        return (_network.Trace.Hash, Numbers(count).Distinct().Order().ToArray());
    }

    private void Bind(string address, DatagramSocketOptions options, int port = 0)
    {
        SocketStatus status = _server.Stack.OpenDatagram(NetEndpoint.Udp(address, port), false, options, out _receiver, out NetEndpoint bound);
        Assert.That(status, Is.EqualTo(SocketStatus.Ok));
        Assert.That(bound.Port, Is.Positive);
        Assert.That(bound.Transport, Is.EqualTo(TransportKind.Udp));
        _address = bound;
    }

    private SocketHandle Connect()
    {
        Assert.That(_client.Stack.OpenDatagram(_address, true, default, out SocketHandle connected, out _), Is.EqualTo(SocketStatus.Ok));
        return connected;
    }

    private void SetFault(FaultClass fault, double probability)
    {
        _network.Faults.IsActive = true;
        _network.Faults.Set(fault, probability);
    }

    private SocketResult Send(int length) =>
        _client.Stack.SendDatagrams(_sender, [new OutgoingDatagram(new SendSegment(_bytes.AsSpan(0, length)), DatagramAddress.From(_address))]);

    private void SendNumbered(int count)
    {
        for (int number = 0; number < count; number++)
        {
            BitConverter.TryWriteBytes(_bytes, number);
            Send(4);
        }
    }

    private int[] Numbers(int count) => _incoming[..count].Select(datagram => BitConverter.ToInt32(_buffer, datagram.Start)).ToArray();

    private SocketResult SendConnected(SocketHandle socket, int length) =>
        _client.Stack.SendDatagrams(socket, [new OutgoingDatagram(new SendSegment(_bytes.AsSpan(0, length)), default)]);

    private bool AnswerArrives(DatagramAddress to, SocketHandle client)
    {
        _server.Stack.SendDatagrams(_receiver, [new OutgoingDatagram(new SendSegment(_bytes.AsSpan(0, 2)), to)]);
        return _client.Stack.ReceiveDatagrams(client, _buffer, _incoming).Count == 1;
    }

    /// <returns>Number of datagrams; 0 if none waits.</returns>
    private int Receive()
    {
        SocketResult result = _server.Stack.ReceiveDatagrams(_receiver, _buffer, _incoming);
        Assert.That(result.Status, Is.EqualTo(result.Count > 0 ? SocketStatus.Ok : SocketStatus.WouldBlock));
        return result.Count;
    }

    private int ReceiveAll()
    {
        int total = 0;
        int count;
        do
        {
            total += count = Receive();
        }
        while (count == _incoming.Length);
        return total;
    }

    private void Pass(long nanoseconds)
    {
        _client.TakeBusy();
        _server.TakeBusy();
        long until = _network.Events.Now + nanoseconds;
        while (_network.Events.FireNext(until))
        {
        }
    }
}
