using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>The deadlines of a session. The test controls the loop's time; the sockets are real.</summary>
public sealed class DeadlineTests : ServerFixture
{
    private const int SmallBuffer = 4096;

    private void StartWithManualTime(Action<ListenOptions>? listen = null) => Start(listen, o => o.TimeProvider = Time);

    /// <summary>A session whose peer has stopped reading: the kernel's buffers are full, and bytes wait in the send queue.</summary>
    private Session Block(RawClient client, int queuedBytes)
    {
        _ = client;
        Session session = NextOpened();
        Fill(session, queuedBytes);
        return session;
    }

    private void Fill(Session session, int queuedBytes)
    {
        WaitUntil(() =>
        {
            if (session.QueuedBytes < queuedBytes)
            {
                session.Send(new Say(new string('x', 4000)));
            }

            return session.QueuedBytes >= queuedBytes;
        }, "the kernel takes everything");

        // One more iteration: a send that the kernel did not cut short would still shrink the queue.
        Advance(0);
    }

    [Test]
    public void Handshake_NothingSent_EndsAtTheTimeout()
    {
        StartWithManualTime();
        using var client = new RawClient(Server);
        WaitUntil(() => Server.Opening.Count == 1, "not accepted");
        Advance(4.9);
        Assert.That(ClosedFor(CloseReason.HandshakeTimeout), Is.Zero);
        Advance(0.2);
        client.ExpectGoodbye(CloseReason.HandshakeTimeout);
        Assert.That(ClosedFor(CloseReason.HandshakeTimeout), Is.EqualTo(1));
    }

    [Test]
    public void Handshake_OneByteATime_EndsAtTheTimeoutAllTheSame()
    {
        StartWithManualTime();
        using var client = new RawClient(Server);
        byte[] hello = Wire.HelloFrame();
        for (int i = 0; i < 5; i++)
        {
            client.Send(hello[i]);
            WaitUntil(() => Server.GetStatistics().BytesIn == i + 1, "not received");
            Assert.That(ClosedFor(CloseReason.HandshakeTimeout), Is.Zero);
            Advance(1.01);
        }

        client.ExpectGoodbye(CloseReason.HandshakeTimeout);
    }

    [Test]
    public void Idle_NothingWholeArrives_EndsAtTheTimeout()
    {
        StartWithManualTime();
        using RawClient client = RawClient.Open(Server);
        Advance(29);
        client.Sync();
        Advance(29);
        client.Send(0, 0, 0, 10, 0x93);
        WaitUntil(() => Server.Core.Pool.Statistics.RentedLeases > 0, "not received");
        Assert.That(ClosedFor(CloseReason.Idle), Is.Zero);
        Advance(1.1);
        client.ExpectGoodbye(CloseReason.Idle);
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.Idle));
    }

    [Test]
    public void Idle_PeerAnswersPing_GoesOn()
    {
        StartWithManualTime(listen => listen.PingInterval = TimeSpan.FromSeconds(10));
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        for (int i = 0; i < 12; i++)
        {
            Advance(i == 0 ? 1 : 10);
            object?[] ping = client.Read();
            Assert.That(ping[..3], Is.EqualTo(new object?[] { (long)Wire.Request, (long)uint.MaxValue, (long)Wire.Ping }));
            Time.Advance(TimeSpan.FromMilliseconds(40));
            long before = OnLoop(() => Server.GetStatistics().BodiesIn);
            client.Send(Wire.Frame(Wire.Response, uint.MaxValue, null, Wire.Array(((object?[])ping[3]!)[0], 0, 0)));
            WaitUntil(() => Server.GetStatistics().BodiesIn > before, "no answer");
        }

        Assert.That(session.Status, Is.EqualTo(SessionStatus.Open));
        Assert.That(session.RoundTripTime, Is.EqualTo(TimeSpan.FromMilliseconds(40)));
    }

    [Test]
    public void Ping_NotAnsweredYet_IsSentAgainAndTheFirstIsMeasured()
    {
        StartWithManualTime(listen => listen.PingInterval = TimeSpan.FromSeconds(10));
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Advance(1);
        object? first = ((object?[])client.Read()[3]!)[0];
        Advance(10);
        object? second = ((object?[])client.Read()[3]!)[0];
        Assert.That(second, Is.Not.EqualTo(first));

        client.Send(Wire.Frame(Wire.Response, uint.MaxValue, null, Wire.Array(second, 0, 0)));
        client.Sync();
        Assert.That(session.RoundTripTime, Is.EqualTo(TimeSpan.Zero));
        client.Send(Wire.Frame(Wire.Response, uint.MaxValue, null, Wire.Array(first, 0, 0)));
        client.Sync();
        Assert.That(session.RoundTripTime, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void Ping_AnswerWithAnotherTime_MeasuresNothing()
    {
        StartWithManualTime(listen => listen.PingInterval = TimeSpan.FromSeconds(10));
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Advance(1.1);
        client.Read();
        client.Send(Wire.Frame(Wire.Response, uint.MaxValue, null, Wire.Array(ulong.MaxValue, 0, ulong.MaxValue)));
        client.Sync();
        Assert.That(session.RoundTripTime, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void SlowConsumer_NoByteTaken_EndsAfterTheStall()
    {
        StartWithManualTime(listen =>
        {
            listen.IdleTimeout = TimeSpan.Zero;
            listen.SendBufferBytes = SmallBuffer;
            listen.MaxSendBacklogTime = TimeSpan.FromSeconds(60);
        });
        using RawClient client = RawClient.Open(Server, SmallBuffer);
        Block(client, queuedBytes: 10_000);
        Advance(9.5);
        Assert.That(ClosedFor(CloseReason.SlowConsumer), Is.Zero);
        Advance(0.6);
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.SlowConsumer));
    }

    [Test]
    public void SlowConsumer_MoreThan64KiBFor5Seconds_Ends()
    {
        StartWithManualTime(listen =>
        {
            listen.IdleTimeout = TimeSpan.Zero;
            listen.SendBufferBytes = SmallBuffer;
            listen.MaxSendStall = TimeSpan.FromSeconds(60);
        });
        using RawClient client = RawClient.Open(Server, SmallBuffer);
        Block(client, queuedBytes: 80_000);
        for (int second = 0; second < 4; second++)
        {
            Advance(1.05);
            Assert.That(ClosedFor(CloseReason.SlowConsumer), Is.Zero, $"after {second + 1} s");
        }

        Advance(1.05);
        Advance(1.05);
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.SlowConsumer));
    }

    [Test]
    public void SlowConsumer_FewerThan240BytesASecond_Ends()
    {
        StartWithManualTime(listen =>
        {
            listen.IdleTimeout = TimeSpan.Zero;
            listen.SendBufferBytes = SmallBuffer;
            listen.MaxSendStall = TimeSpan.FromSeconds(600);
        });
        using RawClient client = RawClient.Open(Server, SmallBuffer);
        Block(client, queuedBytes: 10_000);
        Advance(4.5);
        Assert.That(ClosedFor(CloseReason.SlowConsumer), Is.Zero);
        for (int second = 0; second < 3; second++)
        {
            Advance(1.05);
        }

        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.SlowConsumer));
    }

    [Test]
    public void Close_PeerNeverCloses_IsResetAtTheCloseTimeout()
    {
        StartWithManualTime();
        using RawClient client = RawClient.Open(Server);
        NextOpened().Close(CloseReason.Kicked);
        client.ExpectGoodbye(CloseReason.Kicked);
        Assert.That(OnLoop(() => Server.GetStatistics().Connections), Is.EqualTo(1), "it lingers");
        Advance(4.9);
        Assert.That(OnLoop(() => Server.GetStatistics().Connections), Is.EqualTo(1), "it lingers still");
        Advance(0.2);
        Assert.That(OnLoop(() => Server.GetStatistics().Connections), Is.Zero);
    }

    [Test]
    public void Close_PeerHalfClosedAndNeverReads_WaitsWithoutSpinning()
    {
        StartWithManualTime(listen =>
        {
            listen.SendBufferBytes = SmallBuffer;
            listen.IdleTimeout = TimeSpan.Zero;
        });
        using RawClient client = RawClient.Open(Server, SmallBuffer);
        Session session = Block(client, queuedBytes: 10_000);
        session.Close(CloseReason.Kicked);
        client.HalfClose();

        // A loop that waits runs about one iteration for each query; a loop that spins runs as many as it can.
        Advance(0);
        long before = OnLoop(() => Server.Core.Counters.Iterations);
        const int Questions = 200;
        for (int i = 0; i < Questions; i++)
        {
            OnLoop(() => 0);
            Thread.SpinWait(20_000);
        }

        Assert.That(OnLoop(() => Server.Core.Counters.Iterations) - before, Is.LessThanOrEqualTo((2 * Questions) + 50));
        Advance(5.1);
        Assert.That(OnLoop(() => Server.GetStatistics().Connections), Is.Zero);
    }

    [Test]
    public void Idle_SessionOpensLate_CountsFromThere()
    {
        StartWithManualTime(listen => listen.IdleTimeout = TimeSpan.FromSeconds(3));
        using var client = new RawClient(Server);
        WaitUntil(() => Server.Opening.Count == 1, "not accepted");
        Advance(2.5);
        client.Send(Wire.HelloFrame());
        Assert.That(client.Read()[2], Is.Null);
        Advance(2.9);
        Assert.That(ClosedFor(CloseReason.Idle), Is.Zero);
        Advance(0.2);
        client.ExpectGoodbye(CloseReason.Idle);
    }

    [Test]
    public void Idle_Never_StaysOpen()
    {
        StartWithManualTime(listen => listen.IdleTimeout = TimeSpan.Zero);
        using RawClient client = RawClient.Open(Server);
        Advance(200);
        client.Sync();
        Assert.That(NextOpened().Status, Is.EqualTo(SessionStatus.Open));
    }

    [TestCase(10.0, 1.0)]
    [TestCase(0.4, 0.4)]
    public void Ping_Unanswered_LeavesSoonAndThenAtTheInterval(double interval, double first)
    {
        StartWithManualTime(listen =>
        {
            listen.PingInterval = TimeSpan.FromSeconds(interval);
            listen.IdleTimeout = TimeSpan.Zero;
        });
        using RawClient client = RawClient.Open(Server);
        NextOpened();
        long before = OnLoop(() => Server.GetStatistics().BodiesOut);
        Advance(first - 0.1);
        Assert.That(OnLoop(() => Server.GetStatistics().BodiesOut) - before, Is.Zero, "too soon");
        Advance(0.1);
        Assert.That(OnLoop(() => Server.GetStatistics().BodiesOut) - before, Is.EqualTo(1));
        for (int i = 2; i < 5; i++)
        {
            Advance(interval - 0.1);
            Assert.That(OnLoop(() => Server.GetStatistics().BodiesOut) - before, Is.EqualTo(i - 1), $"ping {i} is early");
            Advance(0.1);
            Assert.That(OnLoop(() => Server.GetStatistics().BodiesOut) - before, Is.EqualTo(i));
        }
    }

    [Test]
    public void Ping_AnsweredWithAnError_IsForgottenAndTheNextIsMeasured()
    {
        StartWithManualTime(listen => listen.PingInterval = TimeSpan.FromSeconds(10));
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Advance(1);
        client.Read();
        client.Send(Wire.Frame(Wire.Response, uint.MaxValue, Wire.Array(ErrorCode.UnknownMessage, "what?"), null));
        client.Sync();
        Advance(10);
        object? second = ((object?[])client.Read()[3]!)[0];
        Time.Advance(TimeSpan.FromMilliseconds(70));
        client.Send(Wire.Frame(Wire.Response, uint.MaxValue, null, Wire.Array(second, 0, 0)));
        client.Sync();
        Assert.That(session.RoundTripTime, Is.EqualTo(TimeSpan.FromMilliseconds(70)));
    }

    [Test]
    public void Ping_AnswerSaysThePeersTime_GivesTheOffset()
    {
        StartWithManualTime(listen => listen.PingInterval = TimeSpan.FromSeconds(10));
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Advance(1);
        long sent = (long)((object?[])client.Read()[3]!)[0]!;
        Time.Advance(TimeSpan.FromMilliseconds(40));
        client.Send(Wire.Frame(Wire.Response, uint.MaxValue, null, Wire.Array(sent, 0, sent + 20_000_000 + 3_000_000_000)));
        client.Sync();
        Assert.That(session.ClockOffset, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void Ping_OfThePeer_IsAnsweredWithItsTimeAndOurs()
    {
        StartWithManualTime();
        using RawClient client = RawClient.Open(Server);
        Advance(7);
        for (ulong asked = 5; asked < 8; asked++)
        {
            client.Send(Wire.Frame(Wire.Request, 3, Wire.Ping, Wire.Array(asked)));
            object?[] answer = client.Read();
            Assert.That(answer[..3], Is.EqualTo(new object?[] { 1L, 3L, null }));
            object?[] pong = (object?[])answer[3]!;
            Assert.That(pong[0], Is.EqualTo((long)asked));
            Assert.That(pong[2], Is.EqualTo(7_000_000_000L));
        }
    }

    [Test]
    public void SlowConsumer_ReadsAgainInTime_HasItsTimeAnew()
    {
        StartWithManualTime(listen =>
        {
            listen.IdleTimeout = TimeSpan.Zero;
            listen.SendBufferBytes = SmallBuffer;
            listen.MaxSendStall = TimeSpan.FromSeconds(60);
        });
        using RawClient client = RawClient.Open(Server, SmallBuffer);
        Session session = Block(client, queuedBytes: 80_000);
        for (int occasion = 0; occasion < 2; occasion++)
        {
            for (int second = 0; second < 4; second++)
            {
                Advance(1.05);
                Assert.That(ClosedFor(CloseReason.SlowConsumer), Is.Zero, $"{occasion}: after {second + 1} s");
            }

            while (OnLoop(() => session.QueuedBytes) > 0)
            {
                client.Read();
            }

            Fill(session, queuedBytes: 80_000);
        }

        for (int second = 0; second < 6; second++)
        {
            Advance(1.05);
        }

        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.SlowConsumer));
    }
}
