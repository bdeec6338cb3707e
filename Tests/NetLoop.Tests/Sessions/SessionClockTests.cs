using NetLoop.Tests.Hosting;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Deadlines to the nanosecond: nothing ends too early or too late.</summary>
public sealed class SessionClockTests
{
    private const long Second = 1_000_000_000;

    private static readonly byte[] SayFrame = Wire.Frame(Wire.Message, 72, Wire.Array("x"));

    [Test]
    public void Handshake_NothingArrives_EndsAtTheTimeout()
    {
        using var bench = new SessionBench(listen => listen.HandshakeTimeout = TimeSpan.FromSeconds(3));
        bench.Advance(7 * Second);
        Session session = bench.Accept();
        ExpectEnd(bench, session, 3 * Second, CloseReason.HandshakeTimeout);
        Assert.That((bench.Counters.SessionsOpened, bench.Closed.Count, bench.Ended.Count), Is.EqualTo((0L, 0, 1)), "it was never open");
    }

    [Test]
    public void Idle_MessagesArrive_CountsFromTheLast()
    {
        using var bench = new SessionBench(listen => listen.IdleTimeout = TimeSpan.FromSeconds(3));
        bench.Handlers.On<Say>((_, in _) => { });
        Session session = bench.Open();
        for (int i = 0; i < 3; i++)
        {
            bench.Advance((3 * Second) - 1);
            Assert.That(session.Status, Is.EqualTo(SessionStatus.Open));
            bench.Receive(session, SayFrame);
        }

        ExpectEnd(bench, session, 3 * Second, CloseReason.Idle);
        Assert.That(bench.Closed.Single().Info.Reason, Is.EqualTo(CloseReason.Idle));
        Assert.That(bench.Counters.ClosedByReason[(int)CloseReason.Idle], Is.EqualTo(1));
    }

    [Test]
    public void Idle_PartOfAFrameArrives_IsNoInput()
    {
        using var bench = new SessionBench(listen => listen.IdleTimeout = TimeSpan.FromSeconds(3));
        Session session = bench.Open();
        bench.Advance(2 * Second);
        bench.Receive(session, SayFrame[..5]);
        ExpectEnd(bench, session, Second, CloseReason.Idle);
    }

    [Test]
    public void Idle_MessageWaitsInTheKernel_IsReadFirst()
    {
        using var bench = new SessionBench(listen => listen.IdleTimeout = TimeSpan.FromSeconds(3));
        int said = 0;
        bench.Handlers.On<Say>((_, in _) => said++);
        Session session = bench.Open();
        bench.Advance((3 * Second) - 1);
        bench.Stack.Received = SayFrame;
        bench.Stack.Receives.Enqueue(new SocketResult(SocketStatus.Ok, SayFrame.Length));
        bench.Advance(1);
        bench.Stack.Received = null;
        bench.Run();
        Assert.That((session.Status, said), Is.EqualTo((SessionStatus.Open, 1)));
        ExpectEnd(bench, session, 3 * Second, CloseReason.Idle);
    }

    [TestCase(5_000, 1_000)]
    [TestCase(700, 700)]
    public void Ping_Interval_IsKeptFromTheFirstOn(int interval, int first)
    {
        const long Millisecond = 1_000_000;
        using var bench = new SessionBench(listen =>
        {
            listen.PingInterval = TimeSpan.FromMilliseconds(interval);
            listen.IdleTimeout = TimeSpan.Zero;
        });
        bench.Open();
        long before = bench.Counters.BodiesOut;
        for (int pings = 0; pings < 4; pings++)
        {
            bench.Advance(((pings == 0 ? first : interval) * Millisecond) - 1);
            bench.SendAll();
            Assert.That(bench.Counters.BodiesOut - before, Is.EqualTo(pings));
            bench.Advance(1);
            bench.SendAll();
            Assert.That(bench.Counters.BodiesOut - before, Is.EqualTo(pings + 1));
        }
    }

    [Test]
    public void Ping_PeerDoesNotRead_IsLeftOutUntilItDoes()
    {
        using var bench = new SessionBench(listen =>
        {
            listen.PingInterval = TimeSpan.FromSeconds(1);
            listen.IdleTimeout = TimeSpan.Zero;
        });
        Session session = bench.Open();
        session.Send(new Say("x"));
        bench.Run();
        Assert.That(bench.ConnectionOf(session).IsSendBlocked, Is.True);
        long before = bench.Counters.BodiesOut;
        bench.Advance(3 * Second);
        Assert.That(bench.Counters.BodiesOut, Is.EqualTo(before));
        bench.ConnectionOf(session).OnReady(Readiness.Writable);
        bench.SendAll();
        bench.Advance(Second);
        Assert.That(bench.Counters.BodiesOut, Is.EqualTo(before + 1));
    }

    [Test]
    public void EndOfInput_HandlerStillRuns_EndsAtTheCloseTimeout()
    {
        using var bench = new SessionBench(listen =>
        {
            listen.CloseTimeout = TimeSpan.FromSeconds(3);
            listen.IdleTimeout = TimeSpan.FromSeconds(1);
        });
        var never = new TaskCompletionSource();
        bench.Handlers.On<Say>(async (_, _) => await never.Task);
        Session session = bench.Open();
        bench.Receive(session, SayFrame);
        bench.Run();
        Assert.That(session.PendingHandlers, Is.EqualTo(1));
        bench.ReceiveEnd(session);
        bench.Run();
        ExpectEnd(bench, session, 3 * Second, CloseReason.Disconnected);
        never.SetResult();
        bench.Run();
        Assert.That((session.PendingHandlers, session.PendingBytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void EndOfInput_HandlerEnds_EndsThen()
    {
        using var bench = new SessionBench();
        var running = new Queue<TaskCompletionSource>();
        bench.Handlers.On<Say>((_, _) =>
        {
            running.Enqueue(new TaskCompletionSource());
            return new ValueTask(running.Last().Task);
        });
        Session session = bench.Open();
        bench.Receive(session, SayFrame, SayFrame);
        bench.ReceiveEnd(session);
        bench.Run();
        Assert.That((session.Status, session.PendingHandlers), Is.EqualTo((SessionStatus.Open, 2)));
        Assert.That(session.Send(new Say("still")), Is.EqualTo(SendStatus.Sent));
        running.Dequeue().SetResult();
        bench.Run();
        bench.Run();
        Assert.That((session.Status, session.PendingHandlers), Is.EqualTo((SessionStatus.Open, 1)));
        running.Dequeue().SetResult();
        bench.Run();
        bench.Run();
        Assert.That((session.Status, session.PendingHandlers), Is.EqualTo((SessionStatus.Closed, 0)));
        Assert.That(bench.Closed.Single().Info, Is.EqualTo(new CloseInfo(CloseReason.Disconnected, "", ByPeer: true)));
    }

    [Test]
    public void Close_PeerNeverCloses_IsResetAtTheCloseTimeout()
    {
        using var bench = new SessionBench(listen => listen.CloseTimeout = TimeSpan.FromSeconds(3));
        Session session = bench.Open();
        StreamConnection connection = bench.ConnectionOf(session);
        bench.Advance(2 * Second);
        session.Close(CloseReason.Kicked, "out");
        bench.SendAll();
        bench.Advance((3 * Second) - 1);
        Assert.That((connection.IsDead, bench.Stack.Closed.Count), Is.EqualTo((false, 0)));
        bench.Advance(1);
        Assert.That((connection.IsDead, bench.Stack.Closed.Count, bench.Stack.Reset.Count), Is.EqualTo((true, 1, 1)));
        Assert.That(bench.Core.Transport.ConnectionCount, Is.Zero);
    }

    [TestCase(3)]
    [TestCase(30)]
    public void SlowConsumer_NoByteIsTaken_EndsAtTheStall(int stall)
    {
        using var bench = new SessionBench(listen =>
        {
            listen.IdleTimeout = TimeSpan.Zero;
            listen.MaxSendStall = TimeSpan.FromSeconds(stall);
            listen.MaxSendBacklogTime = TimeSpan.FromSeconds(100);
        });
        Session session = bench.Open();
        session.Send(new Say("x"));
        bench.Run();
        ExpectEnd(bench, session, stall * Second, CloseReason.SlowConsumer);
    }

    [Test]
    public void SlowConsumer_BytesAreTakenNowAndThen_CountsTheStallFromTheLast()
    {
        using var bench = new SessionBench(listen =>
        {
            listen.IdleTimeout = TimeSpan.Zero;
            listen.MaxSendStall = TimeSpan.FromSeconds(3);
            listen.MaxSendBacklogTime = TimeSpan.FromSeconds(100);
        });
        Session session = bench.Open();
        session.Send(new Blob(new byte[20_000]));
        bench.Run();
        for (int i = 0; i < 4; i++)
        {
            bench.Advance((3 * Second) - 1);
            Assert.That(session.Status, Is.EqualTo(SessionStatus.Open));
            bench.Stack.Sends.Enqueue(1);
            bench.ConnectionOf(session).OnReady(Readiness.Writable);
            bench.Run();
        }

        ExpectEnd(bench, session, 3 * Second, CloseReason.SlowConsumer);
    }

    [Test]
    public void Request_NoResponse_TimesOutAtItsTime()
    {
        using var bench = new SessionBench(listen => listen.IdleTimeout = TimeSpan.Zero);
        Session session = bench.Open();
        bench.Advance(2 * Second);
        Task<Quotient> asked = session.RequestAsync(new Divide(1, 2), TimeSpan.FromSeconds(3));
        bench.SendAll();
        bench.Advance((3 * Second) - 1);
        Assert.That((asked.IsCompleted, session.Requests.Outstanding), Is.EqualTo((false, 1)));
        bench.Advance(1);
        bench.Run();
        Assert.That(((RequestException)asked.Exception!.InnerException!).Code, Is.EqualTo(ErrorCode.TimedOut));
        Assert.That((session.Requests.Outstanding, session.Status), Is.EqualTo((0, SessionStatus.Open)));
    }

    [Test]
    public void DeadlineTimer_SessionWithoutDeadlines_IsNone()
    {
        using var bench = new SessionBench(listen =>
        {
            listen.IdleTimeout = TimeSpan.Zero;
            listen.HandshakeTimeout = TimeSpan.FromSeconds(5);
        });
        bench.Open();
        Assert.That(bench.Core.Transport.Timers.Count, Is.Zero, "that of the handshake is gone");
        bench.Advance(20 * Second);
        Assert.That(bench.Ended, Is.Empty);
    }

    private static void ExpectEnd(SessionBench bench, Session session, long nanoseconds, CloseReason reason)
    {
        bench.Advance(nanoseconds - 1);
        Assert.That(session.Status, Is.Not.EqualTo(SessionStatus.Closed), "a nanosecond before");
        bench.Advance(1);
        Assert.That(session.Status, Is.EqualTo(SessionStatus.Closed));
        Assert.That(bench.Ended[^1].Session, Is.SameAs(session));
        Assert.That(bench.Ended[^1].Info.Reason, Is.EqualTo(reason));
        bench.Run();
    }
}
