using NUnit.Framework;

namespace NetLoop.Tests.Contracts;

/// <summary>The contract of every <see cref="INetworkStack"/> for TCP.</summary>
public abstract class NetworkStackContract : StackFixture
{
    [Test]
    public void Listen_PortZero_TellsTheRealPort()
    {
        Listen(out NetEndpoint bound);
        Assert.That(bound.Port, Is.Not.Zero);
        Assert.That(bound.Address, Is.EqualTo(NetEndpoint.Tcp("127.0.0.1", 0).Address));
    }

    [Test]
    public void Listen_PortTaken_IsAddressInUse()
    {
        Listen(out NetEndpoint bound);
        Assert.That(Stack.Listen(bound, 16, out SocketHandle second, out _), Is.EqualTo(SocketStatus.AddressInUse));
        Assert.That(second, Is.EqualTo(SocketHandle.None));
    }

    [Test]
    public void Listen_PortOfClosedConnections_IsFreeAtOnce()
    {
        SocketHandle listener = Listen(out NetEndpoint bound);
        (_, SocketHandle server) = ConnectPair(listener, bound, out _);
        Close(server);
        Close(listener);
        Assert.That(Listen(bound, out NetEndpoint again), Is.Not.EqualTo(SocketHandle.None));
        Assert.That(again, Is.EqualTo(bound));
    }

    [Test]
    public void Listen_AddressOfAnotherMachine_IsAddressNotAvailable() =>
        Assert.That(Stack.Listen(NetEndpoint.Tcp("192.0.2.1", 0), 16, out _, out _), Is.EqualTo(SocketStatus.AddressNotAvailable));

    [Test]
    public void ListenConnect_DefaultEndpoint_IsInvalidCall()
    {
        Assert.That(Stack.Listen(default, 16, out _, out _), Is.EqualTo(SocketStatus.InvalidCall));
        Assert.That(Stack.Connect(default, out _), Is.EqualTo(SocketStatus.InvalidCall));
    }

    [Test]
    public void Accept_NobodyWaits_IsWouldBlock()
    {
        SocketHandle listener = Listen(out _);
        Assert.That(Stack.Accept(listener, out SocketHandle socket, out _), Is.EqualTo(SocketStatus.WouldBlock));
        Assert.That(socket, Is.EqualTo(SocketHandle.None));
    }

    [Test]
    public void Accept_Connection_TellsThePeer()
    {
        SocketHandle listener = Listen(out NetEndpoint bound);
        ConnectPair(listener, bound, out NetEndpoint remote);
        Assert.That(remote.Address, Is.EqualTo(bound.Address));
        Assert.That(remote.Port, Is.Not.Zero.And.Not.EqualTo(bound.Port));
    }

    [Test]
    public void Connect_IPv6_TellsThePeer()
    {
        SocketHandle listener = ListenIfPossible("[::1]:0", out NetEndpoint bound);
        ConnectPair(listener, bound, out NetEndpoint remote);
        Assert.That(remote.WithPort(1).ToString(), Is.EqualTo("[::1]:1"));
    }

    [Test]
    public void Accept_IPv4PeerOfDualListener_IsNamedAsIPv4()
    {
        SocketHandle listener = ListenIfPossible("[::]:0", out NetEndpoint bound);
        ConnectPair(listener, NetEndpoint.Tcp("127.0.0.1", bound.Port), out NetEndpoint remote);
        Assert.That(remote.WithPort(1).ToString(), Is.EqualTo("127.0.0.1:1"));
    }

    [Test]
    public void Connect_NobodyListens_IsRefused()
    {
        SocketHandle listener = Listen(out NetEndpoint bound);
        Close(listener);
        SocketStatus status = Stack.Connect(bound, out SocketHandle client);
        if (status == SocketStatus.InProgress)
        {
            Own(client);
            Until(() => (status = Stack.FinishConnect(client)) != SocketStatus.InProgress);
        }

        Assert.That(status, Is.EqualTo(SocketStatus.ConnectionRefused));
    }

    [Test]
    public void FinishConnect_NotAnswered_IsInProgress()
    {
        // A listener with a full backlog does not respond to further attempts.
        Listen(out NetEndpoint bound, backlog: 1);
        SocketStatus last = SocketStatus.Ok;
        for (int attempt = 0; attempt < 8; attempt++)
        {
            last = Stack.FinishConnect(Connect(bound));
        }

        Assert.That(last, Is.EqualTo(SocketStatus.InProgress));
    }

    [Test]
    public void Receive_NothingThere_IsWouldBlock()
    {
        (SocketHandle client, _) = ConnectPair();
        Assert.That(Stack.Receive(client, new byte[8]), Is.EqualTo(new SocketResult(SocketStatus.WouldBlock, 0)));
    }

    [Test]
    public void Receive_PeerEnded_IsZeroAfterTheLastByte()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Send(client, 1, 2);
        Close(client);
        Assert.That(ReceiveExactly(server, 100), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(ReceiveAnything(server), Is.EqualTo(new SocketResult(SocketStatus.Ok, 0)), "and again");
    }

    [Test]
    public void ShutdownSend_BothWays_EndsEachDirectionAlone()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Assert.That(Stack.ShutdownSend(client), Is.EqualTo(SocketStatus.Ok));
        Assert.That(ReceiveAnything(server), Is.EqualTo(new SocketResult(SocketStatus.Ok, 0)));
        Assert.That(Send(client, 1), Is.EqualTo(SocketStatus.BrokenPipe));

        Assert.That(Send(server, 9), Is.EqualTo(SocketStatus.Ok));
        Assert.That(ReceiveExactly(client, 1), Is.EqualTo(new byte[] { 9 }));
        Assert.That(Stack.ShutdownSend(server), Is.EqualTo(SocketStatus.Ok));
        Assert.That(ReceiveAnything(client), Is.EqualTo(new SocketResult(SocketStatus.Ok, 0)));
    }

    [Test]
    public void Close_WithReset_ResetsThePeer()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Close(server, reset: true);
        Assert.That(ReceiveAnything(client).Status, Is.EqualTo(SocketStatus.ConnectionReset));
    }

    [Test]
    public void Send_ToClosedPeer_IsAStatus()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Close(server);
        SocketStatus status = SocketStatus.Ok;
        Until(() => (status = Send(client, 1)) != SocketStatus.Ok);
        Assert.That(status, Is.AnyOf(SocketStatus.BrokenPipe, SocketStatus.ConnectionReset));
        Until(() => (status = Send(client, 1)) == SocketStatus.BrokenPipe);
    }

    [Test]
    public void Send_PeerDoesNotReceive_StopsAndGoesOnWithoutLoss()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        byte[] block = new byte[1 << 20];
        Random.Shared.NextBytes(block);
        List<int> sent = [];
        SocketResult result;
        while ((result = SendSome(client, block)).Status == SocketStatus.Ok)
        {
            sent.Add(result.Count);
        }

        Assert.That(result, Is.EqualTo(new SocketResult(SocketStatus.WouldBlock, 0)));
        Assert.That(sent[^1], Is.LessThan(block.Length), "the last send was partial");

        Token token = new(1, 1);
        Add(client, Interest.Writable, token);
        foreach (int count in sent)
        {
            Assert.That(ReceiveExactly(server, count).AsSpan().SequenceEqual(block.AsSpan(0, count)), Is.True);
        }

        WaitFor(token, Readiness.Writable);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(64)]
    public unsafe void Send_ManySegments_ArriveInOrder(int count)
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        byte[] bytes = new byte[count * (count + 1) / 2];
        for (int index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)(index * 7);
        }

        fixed (byte* pinned = bytes)
        {
            SendSegment[] segments = new SendSegment[count];
            int start = 0;
            for (int index = 0; index < count; index++)
            {
                segments[index] = new SendSegment(new ReadOnlySpan<byte>(pinned + start, index + 1));
                start += index + 1;
            }

            Assert.That(Stack.Send(client, segments), Is.EqualTo(new SocketResult(SocketStatus.Ok, bytes.Length)));
        }

        Assert.That(ReceiveExactly(server, bytes.Length), Is.EqualTo(bytes));
    }

    [Test]
    public void Configure_EveryOption_IsTaken()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Assert.That(Stack.Configure(client, EveryOption), Is.EqualTo(SocketStatus.Ok));
        Assert.That(Stack.Configure(server, default), Is.EqualTo(SocketStatus.Ok));
        Send(client, 1);
        Assert.That(ReceiveExactly(server, 1), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void CreatePoller_KindOfAnotherStack_NamesThoseItHas()
    {
        PollerKind foreign = Kind == PollerKind.Select ? PollerKind.Epoll : PollerKind.Select;
        Assert.That(() => Stack.CreatePoller(foreign), Throws.TypeOf<PlatformNotSupportedException>().With.Message.Contains("choose"));
    }

    private SocketHandle ListenIfPossible(string endpoint, out NetEndpoint bound)
    {
        SocketStatus status = Stack.Listen(NetEndpoint.Parse(endpoint), 16, out SocketHandle listener, out bound);
        Assume.That(status, Is.Not.AnyOf(SocketStatus.Unsupported, SocketStatus.AddressNotAvailable), "this machine has no IPv6");
        Assert.That(status, Is.EqualTo(SocketStatus.Ok));
        return Own(listener);
    }
}
