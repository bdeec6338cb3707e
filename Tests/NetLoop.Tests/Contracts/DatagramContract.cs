using NUnit.Framework;

namespace NetLoop.Tests.Contracts;

/// <summary>The contract of every <see cref="INetworkStack"/> for UDP.</summary>
public abstract class DatagramContract : StackFixture
{
    private const int SlotBytes = 2_048;
    private const int Slots = 80;
    private const int LongestOverIPv4 = 65_507;

    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(Slots * (SlotBytes + 1), pinned: true);
    private readonly byte[] _sent = GC.AllocateArray<byte>(70_000, pinned: true);
    private readonly IncomingDatagram[] _datagrams = new IncomingDatagram[Slots];

    /// <summary>Whether the stack says how many datagrams the kernel has dropped.</summary>
    protected virtual bool CountsDropped => true;

    [Test]
    public void OpenDatagram_PortZero_TellsTheRealPort()
    {
        Bind(out NetEndpoint bound);
        Assert.That(bound.Port, Is.Not.Zero);
        Assert.That(bound.Transport, Is.EqualTo(TransportKind.Udp));
        Assert.That(bound.AsTcp().Address, Is.EqualTo(NetEndpoint.Tcp("127.0.0.1", 0).Address));
    }

    [Test]
    public void OpenDatagram_PortTaken_IsAddressInUse()
    {
        Bind(out NetEndpoint bound);
        Assert.That(Stack.OpenDatagram(bound, isConnected: false, default, out SocketHandle second, out _), Is.EqualTo(SocketStatus.AddressInUse));
        Assert.That(second, Is.EqualTo(SocketHandle.None));
    }

    [Test]
    public void OpenDatagram_OtherEndpoints_AreInvalidCalls()
    {
        Assert.That(Stack.OpenDatagram(default, false, default, out _, out _), Is.EqualTo(SocketStatus.InvalidCall));
        Assert.That(Stack.OpenDatagram(NetEndpoint.Tcp("127.0.0.1", 0), false, default, out _, out _), Is.EqualTo(SocketStatus.InvalidCall));
    }

    [Test]
    public void Receive_NothingThere_IsWouldBlock() =>
        Assert.That(Stack.ReceiveDatagrams(Bind(out _), _received, _datagrams), Is.EqualTo(new SocketResult(SocketStatus.WouldBlock, 0)));

    [Test]
    public void Receive_EmptyOnesBetweenOthers_DoNotEndTheDrain()
    {
        SocketHandle receiver = Bind(out NetEndpoint bound);
        SocketHandle sender = Bind(out _);
        Send(sender, bound, 0, 3, 0, 0, 4, 0);
        Assert.That(Lengths(receiver, 6), Is.EqualTo(new[] { 0, 3, 0, 0, 4, 0 }));
    }

    [Test]
    public void Receive_FewerPlacesThanDatagrams_LeavesTheRest()
    {
        SocketHandle receiver = Bind(out NetEndpoint bound);
        Send(Bind(out _), bound, 1, 2, 3);
        Until(() => Stack.ReceiveDatagrams(receiver, _received, _datagrams.AsSpan(0, 1)) is { Status: SocketStatus.Ok, Count: 1 });
        Assert.That(_datagrams[0].Length, Is.EqualTo(1));
        Assert.That(Lengths(receiver, 2), Is.EqualTo(new[] { 2, 3 }));
    }

    [TestCase(SlotBytes - 1, false)]
    [TestCase(SlotBytes, false)]
    [TestCase(SlotBytes + 1, true)]
    [TestCase(9_000, true)]
    public void Receive_DatagramOfALength_IsCutOnlyBeyondItsPlace(int length, bool isTruncated)
    {
        SocketHandle receiver = Bind(out NetEndpoint bound);
        new Random(length).NextBytes(_sent.AsSpan(0, length));
        Send(Bind(out _), bound, length, 7);
        Assert.That(Lengths(receiver, 2), Is.EqualTo(new[] { Math.Min(length, SlotBytes), 7 }));
        Assert.That(_datagrams[0].IsTruncated, Is.EqualTo(isTruncated));
        Assert.That(_datagrams[1].IsTruncated, Is.False);
        Assert.That(_received.AsSpan(_datagrams[0].Start, _datagrams[0].Length).SequenceEqual(_sent.AsSpan(0, Math.Min(length, SlotBytes))));
    }

    [Test]
    public void Send_MoreThanACallTakes_GoesOutInSeveralCalls()
    {
        SocketHandle receiver = Bind(out NetEndpoint bound, new DatagramSocketOptions(1 << 20, 0, false));
        int calls = Send(Bind(out _), bound, [.. Enumerable.Range(1, 150)]);
        Assert.That(calls, Is.LessThanOrEqualTo(150));
        Assert.That(Lengths(receiver, 150), Is.EqualTo(Enumerable.Range(1, 150)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Send_OneTooLongInABatch_FailsAloneAndTheOthersGoOut(bool isConnected)
    {
        SocketHandle receiver = Bind(out NetEndpoint bound);
        SocketHandle sender = isConnected ? Connect(bound, default) : Bind(out _);
        DatagramAddress to = isConnected ? default : DatagramAddress.From(bound);
        OutgoingDatagram[] batch = [Datagram(3, to), Datagram(LongestOverIPv4 + 1, to), Datagram(4, to)];
        Assert.That(Stack.SendDatagrams(sender, batch), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(Stack.SendDatagrams(sender, batch.AsSpan(1)), Is.EqualTo(new SocketResult(SocketStatus.MessageTooLong, 0)));
        Assert.That(Stack.SendDatagrams(sender, batch.AsSpan(2)), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(Lengths(receiver, 2), Is.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public void Send_ToAnIPv6AddressFromIPv4_FailsAloneAndTheOthersGoOut()
    {
        SocketHandle receiver = Bind(out NetEndpoint bound);
        SocketHandle sender = Bind(out _);
        OutgoingDatagram[] batch =
        [
            Datagram(3, DatagramAddress.From(bound)),
            Datagram(4, DatagramAddress.From(NetEndpoint.Udp("::1", bound.Port))),
            Datagram(5, DatagramAddress.From(bound)),
        ];
        Assert.That(Stack.SendDatagrams(sender, batch), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(Stack.SendDatagrams(sender, batch.AsSpan(1)), Is.EqualTo(new SocketResult(SocketStatus.Unsupported, 0)));
        Assert.That(Stack.SendDatagrams(sender, batch.AsSpan(2)), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(Lengths(receiver, 2), Is.EqualTo(new[] { 3, 5 }));
    }

    [Test]
    public void Connected_PortIsClosed_IsRefusedOnce()
    {
        SocketHandle receiver = Bind(out NetEndpoint bound);
        SocketHandle sender = Connect(bound, default);
        Close(receiver);
        Send(sender, default, 3);
        SocketResult result = default;
        Until(() => (result = Stack.ReceiveDatagrams(sender, _received, _datagrams)).Status != SocketStatus.WouldBlock);
        Assert.That(result, Is.EqualTo(new SocketResult(SocketStatus.ConnectionRefused, 0)));
        Assert.That(Stack.ReceiveDatagrams(sender, _received, _datagrams).Status, Is.EqualTo(SocketStatus.WouldBlock));
    }

    [Test]
    public void Bound_PortOfAnotherIsClosed_ItDoesNotNotice()
    {
        SocketHandle closed = Bind(out NetEndpoint closedPort);
        SocketHandle receiver = Bind(out NetEndpoint bound);
        SocketHandle sender = Bind(out NetEndpoint source);
        Close(closed);
        Send(sender, closedPort, 3);
        Send(sender, bound, 4);
        Assert.That(Lengths(receiver, 1), Is.EqualTo(new[] { 4 }));
        Send(receiver, source, 5);
        Assert.That(Lengths(sender, 1), Is.EqualTo(new[] { 5 }), "no error comes first");
    }

    [Test]
    public void Connected_DatagramOfSomebodyElse_IsNotReceived()
    {
        SocketHandle receiver = Bind(out NetEndpoint bound);
        SocketHandle connected = Connect(bound, default);
        Assert.That(Stack.SendDatagrams(connected, [Datagram(1, default)]).Count, Is.EqualTo(1));
        Assert.That(Lengths(receiver, 1), Is.EqualTo(new[] { 1 }));
        DatagramAddress address = _datagrams[0].From;
        Send(Bind(out _), address.ToEndpoint(), 3);
        Send(receiver, address.ToEndpoint(), 4);
        Assert.That(Lengths(connected, 1), Is.EqualTo(new[] { 4 }));
        Assert.That(_datagrams[0].From, Is.EqualTo(DatagramAddress.From(bound)));
    }

    [Test]
    public void DualStack_BothFamilies_AreHeardAndAnswered()
    {
        SocketHandle both = BindIfPossible("::", default, out NetEndpoint bound);
        foreach (string address in (string[])["127.0.0.1", "::1"])
        {
            SocketHandle client = Connect(NetEndpoint.Udp(address, bound.Port), default);
            Send(client, default, 3);
            Assert.That(Lengths(both, 1), Is.EqualTo(new[] { 3 }));
            Assert.That(_datagrams[0].From.ToEndpoint().ToIPAddress().ToString(), Is.EqualTo(address));
            Send(both, _datagrams[0].From.ToEndpoint(), 4);
            Assert.That(Lengths(client, 1), Is.EqualTo(new[] { 4 }));
        }
    }

    /// <summary>Packets of the loopback interface have 65,536 bytes at most, and the headers take 48 of them over IPv6.</summary>
    [TestCase("::1")]
    [TestCase("::")]
    public void Unfragmented_LongerThanTheLinkTakes_IsTooLong(string address)
    {
        SocketHandle receiver = BindIfPossible(address, default, out NetEndpoint bound);
        SocketHandle whole = BindIfPossible(address, new DatagramSocketOptions(0, 1 << 20, IsUnfragmented: true), out _);
        SocketHandle pieces = BindIfPossible(address, new DatagramSocketOptions(0, 1 << 20, IsUnfragmented: false), out _);
        DatagramAddress to = DatagramAddress.From(NetEndpoint.Udp("::1", bound.Port));
        Assert.That(Stack.SendDatagrams(whole, [Datagram(65_488, to)]), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(Stack.SendDatagrams(whole, [Datagram(65_489, to)]), Is.EqualTo(new SocketResult(SocketStatus.MessageTooLong, 0)));
        Assert.That(Stack.SendDatagrams(pieces, [Datagram(65_489, to)]), Is.EqualTo(new SocketResult(SocketStatus.Ok, 1)));
        Assert.That(Lengths(receiver, 2), Is.EqualTo(new[] { SlotBytes, SlotBytes }));
    }

    [Test]
    public void Overflow_OfTheReceiveBuffer_IsCountedAndTheSenderNoticesNothing()
    {
        SocketHandle receiver = Bind(out NetEndpoint bound, new DatagramSocketOptions(4_096, 0, false));
        SocketHandle sender = Bind(out _);
        Assert.That(Stack.CountDroppedDatagrams(receiver), Is.Zero);
        Send(sender, bound, [.. Enumerable.Repeat(1_000, 60)]);

        // The loopback interface delivers within the send.
        int received = 0;
        SocketResult result;
        while ((result = Stack.ReceiveDatagrams(receiver, _received, _datagrams)).Status == SocketStatus.Ok)
        {
            received += result.Count;
        }

        Assert.That(received, Is.InRange(1, 59));
        Assert.That(Stack.CountDroppedDatagrams(receiver), Is.EqualTo(CountsDropped ? 60 - received : 0));
        Send(sender, bound, 5);
        Assert.That(Lengths(receiver, 1), Is.EqualTo(new[] { 5 }), "there is room again");
    }

    [Test]
    public void SendAndReceive_AfterWarmUp_AllocateNothing()
    {
        SocketHandle receiver = Bind(out NetEndpoint bound);
        SocketHandle sender = Bind(out _);
        OutgoingDatagram[] batch = [.. Enumerable.Repeat(Datagram(100, DatagramAddress.From(bound)), 8)];
        long allocated = 0;
        for (int round = 0; round < 200; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Stack.SendDatagrams(sender, batch);
            Stack.ReceiveDatagrams(receiver, _received, _datagrams);
            Stack.ReceiveDatagrams(receiver, _received, _datagrams);
            allocated += round < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(allocated, Is.Zero);
    }

    private SocketHandle Bind(out NetEndpoint bound, DatagramSocketOptions options = default)
    {
        SocketStatus status = Stack.OpenDatagram(NetEndpoint.Udp("127.0.0.1", 0), isConnected: false, options, out SocketHandle socket, out bound);
        Assert.That(status, Is.EqualTo(SocketStatus.Ok));
        return Own(socket);
    }

    private SocketHandle BindIfPossible(string address, DatagramSocketOptions options, out NetEndpoint bound)
    {
        SocketStatus status = Stack.OpenDatagram(NetEndpoint.Udp(address, 0), isConnected: false, options, out SocketHandle socket, out bound);
        if (status is SocketStatus.AddressNotAvailable or SocketStatus.Unsupported)
        {
            Assert.Ignore("This machine has no IPv6.");
        }

        Assert.That(status, Is.EqualTo(SocketStatus.Ok));
        return Own(socket);
    }

    private SocketHandle Connect(NetEndpoint to, DatagramSocketOptions options)
    {
        Assert.That(Stack.OpenDatagram(to, isConnected: true, options, out SocketHandle socket, out _), Is.EqualTo(SocketStatus.Ok));
        return Own(socket);
    }

    private OutgoingDatagram Datagram(int length, DatagramAddress to) => new(new SendSegment(_sent.AsSpan(0, length)), to);

    /// <returns>Number of calls that it took.</returns>
    private int Send(SocketHandle socket, NetEndpoint to, params int[] lengths)
    {
        DatagramAddress address = to == default ? default : DatagramAddress.From(to);
        OutgoingDatagram[] batch = [.. lengths.Select(length => Datagram(length, address))];
        int calls = 0;
        for (int sent = 0; sent < batch.Length; calls++)
        {
            SocketResult result = Stack.SendDatagrams(socket, batch.AsSpan(sent));
            Assert.That(result.Status, Is.EqualTo(SocketStatus.Ok));
            sent += result.Count;
        }

        return calls;
    }

    /// <summary>Receives until so many datagrams have come, and that nothing is left.</summary>
    private List<int> Lengths(SocketHandle socket, int count)
    {
        List<int> lengths = [];
        Until(() =>
        {
            int room = Math.Max(1, Math.Min(Slots, count - lengths.Count));
            SocketResult result = Stack.ReceiveDatagrams(socket, _received, _datagrams.AsSpan(0, room));
            Assert.That(result.Status, Is.AnyOf(SocketStatus.Ok, SocketStatus.WouldBlock));
            lengths.AddRange(_datagrams[..result.Count].Select(static datagram => datagram.Length));
            return lengths.Count >= count;
        });
        Assert.That(Stack.ReceiveDatagrams(socket, _received, new IncomingDatagram[1]).Status, Is.EqualTo(SocketStatus.WouldBlock));
        return lengths;
    }
}
