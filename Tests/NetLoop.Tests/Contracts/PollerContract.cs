using NUnit.Framework;

namespace NetLoop.Tests.Contracts;

/// <summary>The contract of every <see cref="IPoller"/>.</summary>
public abstract class PollerContract : StackFixture
{
    private static readonly Token FirstToken = new(7, 1);

    [Test]
    public void Wait_NothingRegistered_ReturnsNothing() => AssertNothingReady();

    [Test]
    public void Wait_ConnectionWaiting_ListenerIsReadable()
    {
        SocketHandle listener = Listen(out NetEndpoint bound);
        Add(listener, Interest.Readable, FirstToken);
        AssertNothingReady();
        Connect(bound);
        Assert.That(WaitFor(FirstToken, Readiness.Readable) & Readiness.Failed, Is.EqualTo(Readiness.None));
    }

    [Test]
    public void Wait_BytesArrived_SocketIsReadableUntilTheyAreReceived()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Add(server, Interest.Readable, FirstToken);
        AssertNothingReady();
        Send(client, 1, 2, 3);
        for (int look = 0; look < 3; look++)
        {
            Assert.That(WaitFor(FirstToken, Readiness.Readable), Is.EqualTo(Readiness.Readable), "level-triggered");
        }

        Assert.That(ReceiveExactly(server, 3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        AssertNothingReady();
    }

    [Test]
    public void Wait_RoomToSend_SocketIsWritable()
    {
        (SocketHandle client, _) = ConnectPair();
        Add(client, Interest.Writable, FirstToken);
        Assert.That(WaitFor(FirstToken, Readiness.Writable), Is.EqualTo(Readiness.Writable));
    }

    [Test]
    public void Wait_PeerEnded_SocketIsReadable()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Add(server, Interest.Readable, FirstToken);
        Close(client);
        WaitFor(FirstToken, Readiness.Readable);
        Assert.That(ReceiveAnything(server), Is.EqualTo(new SocketResult(SocketStatus.Ok, 0)));
    }

    [Test]
    public void Wait_InterestReadableOnly_DoesNotReportWritable()
    {
        (SocketHandle client, _) = ConnectPair();
        Add(client, Interest.Readable, FirstToken);
        AssertNothingReady();
    }

    [Test]
    public void Modify_InterestNoneAndBack_PausesAndResumes()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Add(server, Interest.Readable, FirstToken);
        Send(client, 1);
        WaitFor(FirstToken, Readiness.Readable);
        Assert.That(Poller.Modify(server, Interest.None, FirstToken), Is.EqualTo(SocketStatus.Ok));
        AssertNothingReady();
        Assert.That(Poller.Modify(server, Interest.Readable, FirstToken), Is.EqualTo(SocketStatus.Ok));
        WaitFor(FirstToken, Readiness.Readable);
    }

    [Test]
    public void Modify_NewToken_IsTheOneReported()
    {
        (SocketHandle client, _) = ConnectPair();
        Add(client, Interest.None, FirstToken);
        Token other = new(int.MaxValue, uint.MaxValue);
        Assert.That(Poller.Modify(client, Interest.Writable, other), Is.EqualTo(SocketStatus.Ok));
        WaitFor(other, Readiness.Writable);
    }

    [Test]
    public void Add_Twice_IsInvalidCall()
    {
        SocketHandle listener = Listen(out _);
        Add(listener, Interest.Readable, FirstToken);
        Assert.That(Poller.Add(listener, Interest.Readable, FirstToken), Is.EqualTo(SocketStatus.InvalidCall));
    }

    [Test]
    public void AddModifyRemove_SocketNotOpenOrNotRegistered_IsInvalidCall()
    {
        SocketHandle listener = Listen(out _);
        Assert.That(Poller.Modify(listener, Interest.Readable, FirstToken), Is.EqualTo(SocketStatus.InvalidCall));
        Assert.That(Poller.Remove(listener), Is.EqualTo(SocketStatus.InvalidCall));
        Assert.That(Poller.Add(SocketHandle.None, Interest.Readable, FirstToken), Is.EqualTo(SocketStatus.InvalidCall));
        Close(listener);
        Assert.That(Poller.Add(listener, Interest.Readable, FirstToken), Is.EqualTo(SocketStatus.InvalidCall));
    }

    [Test]
    public void Remove_ReadySocket_IsReportedNoMore()
    {
        (SocketHandle client, _) = ConnectPair();
        Add(client, Interest.Writable, FirstToken);
        WaitFor(FirstToken, Readiness.Writable);
        Assert.That(Poller.Remove(client), Is.EqualTo(SocketStatus.Ok));
        AssertNothingReady();
    }

    [Test]
    public void Remove_OneOfMany_LeavesTheOthers()
    {
        (SocketHandle first, SocketHandle second) = ConnectPair();
        (SocketHandle third, SocketHandle fourth) = ConnectPair();
        SocketHandle[] sockets = [first, second, third, fourth];
        for (int slot = 0; slot < sockets.Length; slot++)
        {
            Add(sockets[slot], Interest.Writable, new Token(slot, 1));
        }

        Assert.That(Poller.Remove(first), Is.EqualTo(SocketStatus.Ok));
        Assert.That(Poller.Remove(third), Is.EqualTo(SocketStatus.Ok));
        ReadyEvent[] events = new ReadyEvent[8];
        int count = Poller.Wait(events, -1);
        Assert.That(events[..count].Select(ready => ready.Token.Slot), Is.EquivalentTo(new[] { 1, 3 }));
    }

    [Test]
    public void Wait_SlotReusedAfterClose_ReportsTheNewGenerationOnly()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Add(server, Interest.Readable, new Token(5, 1));
        Send(client, 1);
        WaitFor(new Token(5, 1), Readiness.Readable);
        Poller.Remove(server);
        Close(server);

        (SocketHandle nextClient, SocketHandle nextServer) = ConnectPair();
        Add(nextServer, Interest.Readable, new Token(5, 2));
        AssertNothingReady();
        Send(nextClient, 1);
        WaitFor(new Token(5, 2), Readiness.Readable);
    }

    [Test]
    public void Wait_MoreReadyThanRoom_ReportsAllOverSeveralCalls()
    {
        const int Pairs = 5;
        for (int pair = 0; pair < Pairs; pair++)
        {
            (SocketHandle client, SocketHandle server) = ConnectPair();
            Add(client, Interest.Writable, new Token(2 * pair, 1));
            Add(server, Interest.Writable, new Token((2 * pair) + 1, 1));
        }

        ReadyEvent[] room = new ReadyEvent[3];
        HashSet<int> seen = [];
        for (int call = 0; call < 4; call++)
        {
            int count = Poller.Wait(room, -1);
            seen.UnionWith(room[..count].Select(ready => ready.Token.Slot));
        }

        Assert.That(seen, Has.Count.EqualTo(2 * Pairs), "four calls with room for three pass ten sockets, all ready, in turn");
    }

    [Test]
    public void Wait_ConnectInProgress_SocketIsWritableWhenConnected()
    {
        Listen(out NetEndpoint bound);
        SocketHandle client = Connect(bound);
        Add(client, Interest.Writable, FirstToken);
        WaitFor(FirstToken, Readiness.Writable);
        Assert.That(Stack.FinishConnect(client), Is.EqualTo(SocketStatus.Ok));
    }

    [Test]
    public void Wait_ConnectRefused_SocketIsReported()
    {
        SocketHandle listener = Listen(out NetEndpoint bound);
        Close(listener);
        SocketStatus status = Stack.Connect(bound, out SocketHandle client);
        if (status == SocketStatus.InProgress)
        {
            Own(client);
            Add(client, Interest.Writable, FirstToken);
            WaitFor(FirstToken, Readiness.Writable | Readiness.Failed);
            status = Stack.FinishConnect(client);
        }

        Assert.That(status, Is.EqualTo(SocketStatus.ConnectionRefused));
    }

    [Test]
    public void Wake_BeforeWait_EndsTheNextWaitOnce()
    {
        Poller.Wake();
        Poller.Wake();
        Assert.That(Poller.Wait(new ReadyEvent[4], -1), Is.Zero, "and without it would wait for ever");
        AssertNothingReady();
        Poller.Wake();
        Assert.That(Poller.Wait(new ReadyEvent[4], -1), Is.Zero, "a wake after a wake works");
    }

    [Test]
    public void Wake_FromOtherThreads_EndsEachWait()
    {
        const int Rounds = 1000;
        int asked = 0;
        Thread waker = new(() =>
        {
            for (int round = 1; round <= Rounds; round++)
            {
                Volatile.Write(ref asked, round);
                Poller.Wake();
            }
        });
        waker.Start();
        ReadyEvent[] events = new ReadyEvent[4];
        while (Volatile.Read(ref asked) < Rounds)
        {
            // If the wake-up were lost, this wait would never end.
            Assert.That(Poller.Wait(events, -1), Is.Zero);
        }

        waker.Join();
    }

    [Test]
    public void Wake_AfterDispose_DoesNothing()
    {
        IPoller gone = Stack.CreatePoller(Kind);
        gone.Dispose();
        gone.Dispose();
        Assert.That(gone.Wake, Throws.Nothing);
    }

    [Test]
    public void Wait_WithReadySocketAndWake_ReportsTheSocketOnly()
    {
        (SocketHandle client, _) = ConnectPair();
        Add(client, Interest.Writable, FirstToken);
        Poller.Wake();
        ReadyEvent[] events = new ReadyEvent[1];
        int count = Poller.Wait(events, -1);
        count = count == 0 ? Poller.Wait(events, -1) : count;
        Assert.That(count, Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new ReadyEvent(FirstToken, Readiness.Writable)));
    }

    [Test]
    public void Wait_TimeoutFinerThanAMillisecond_DoesNotEndEarly()
    {
        ReadyEvent[] events = new ReadyEvent[1];
        foreach (long nanoseconds in (long[])[1, 50_000, 300_000, 999_999, 1_000_001, 2_500_000])
        {
            long start = Clock.GetTimestamp();
            Assert.That(Poller.Wait(events, nanoseconds), Is.Zero);
            TimeSpan elapsed = Clock.GetElapsedTime(start);
            Assert.That(elapsed.TotalNanoseconds, Is.GreaterThanOrEqualTo(nanoseconds / 100 * 100), $"{nanoseconds} ns");
        }
    }

    [Test]
    public void WaitUntil_EventsComeFirst_EndsAtTheDeadlineAllTheSame()
    {
        const long Deadline = 5_000_000;
        ReadyEvent[] events = new ReadyEvent[1];
        long start = Clock.GetTimestamp();
        for (int i = 0; i < 3; i++)
        {
            Poller.Wake();
            Assert.That(Poller.WaitUntil(events, Since(start), Deadline), Is.Zero);
        }

        int waits = 0;
        while (Since(start) < Deadline)
        {
            Assert.That(Poller.WaitUntil(events, Since(start), Deadline), Is.Zero);
            waits++;
        }

        Assert.That(waits, Is.LessThan(10), "it sleeps");
    }

    [Test]
    public void WaitUntil_TimeOfTheCallerStandsStill_EndsEachTime()
    {
        ReadyEvent[] events = new ReadyEvent[1];
        for (int i = 0; i < 10; i++)
        {
            Assert.That(Poller.WaitUntil(events, now: 1_000, deadline: 101_000), Is.Zero);
        }
    }

    [Test]
    public void WaitUntil_DeadlineIsMoved_EndsAtTheNewOne()
    {
        const long Far = 60_000_000_000;
        const long Later = 3_000_000;
        ReadyEvent[] events = new ReadyEvent[1];
        long start = Clock.GetTimestamp();
        foreach (long deadline in (long[])[Far, 1_000_000, Later])
        {
            for (int i = 0; i < 3; i++)
            {
                Poller.Wake();
                Assert.That(Poller.WaitUntil(events, Since(start), deadline), Is.Zero);
            }
        }

        while (Since(start) < Later)
        {
            Assert.That(Poller.WaitUntil(events, Since(start), Later), Is.Zero);
        }

        Assert.That(Since(start), Is.LessThan(Far));
    }

    [Test]
    public void WaitUntil_DeadlineIsOver_OnlyLooks()
    {
        (SocketHandle client, _) = ConnectPair();
        ReadyEvent[] events = new ReadyEvent[1];
        Assert.That(Poller.WaitUntil(events, now: 7, deadline: 7), Is.Zero);
        Assert.That(Poller.WaitUntil(events, now: 7, deadline: -7), Is.Zero);
        Add(client, Interest.Writable, FirstToken);
        Assert.That(Poller.WaitUntil(events, now: 7, deadline: 7), Is.EqualTo(1));
    }

    [Test]
    public void WaitUntil_Never_EndsWithAWake()
    {
        Poller.Wake();
        Assert.That(Poller.WaitUntil(new ReadyEvent[1], now: 7, deadline: long.MaxValue), Is.Zero);
    }

    private long Since(long start) => (long)Clock.GetElapsedTime(start).TotalNanoseconds;
}
