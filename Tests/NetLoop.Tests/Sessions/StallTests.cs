using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Deadlines of peers count only time in which the loop reads their input. The test controls the loop's time; the sockets are real.</summary>
public sealed class StallTests : ServerFixture
{
    private const double LongStall = 3600;

    private void StartWithManualTime(Action<ListenOptions>? listen = null) => Start(listen, o => o.TimeProvider = Time);

    /// <summary>Runs an action while the loop is busy, after the part of its iteration that reads and before the one that fires deadlines.</summary>
    private void WhileTheLoopIsBusy(Action action) => OnLoop(() =>
    {
        action();
        return true;
    });

    [Test]
    public void Idle_LoopStoodStill_PeerIsNotIdle()
    {
        StartWithManualTime();
        using RawClient client = RawClient.Open(Server);
        Step(LongStall);
        Step(LongStall);
        Assert.That(ClosedFor(CloseReason.Idle), Is.Zero);
        client.Sync();

        Advance(31);
        client.ExpectGoodbye(CloseReason.Idle);
    }

    [Test]
    public void Handshake_LoopStoodStill_HelloIsWelcome()
    {
        StartWithManualTime();
        using var client = new RawClient(Server);
        WaitUntil(() => Server.Opening.Count == 1, "not accepted");
        Step(LongStall);
        client.Send(Wire.HelloFrame());
        Assert.That(client.Read()[2], Is.Null, "the answer to Hello");
    }

    [Test]
    public void Request_LoopStoodStill_WaitsForItsResponse()
    {
        StartWithManualTime();
        using RawClient client = RawClient.Open(Server);
        Task<Quotient> asked = NextOpened().RequestAsync(new Divide(7, 2), TimeSpan.FromSeconds(3));
        object? id = client.Read()[1];
        Step(LongStall);
        Assert.That(asked.IsCompleted, Is.False);
        client.Send(Wire.Frame(Wire.Response, id, null, Wire.Array(3.5)));
        Assert.That(asked.Wait(TestHost.Patience), Is.True);
        Assert.That(asked.Result.Value, Is.EqualTo(3.5));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void EndOfInput_HandlersSlowerThanTheCloseTimeout_HandlesWhileTheyGetOn(bool hangs)
    {
        using var first = new ManualResetEventSlim();
        using var second = new ManualResetEventSlim();
        using var secondBegan = new ManualResetEventSlim();
        Start(
            configure: o =>
            {
                o.TimeProvider = Time;
                o.HandlerMode = HandlerMode.Dedicated;
            },
            handlers: server =>
            {
                server.On<Say>((session, in say) => first.Wait());
                server.OnRequest<Divide, Quotient>((session, in divide) =>
                {
                    secondBegan.Set();
                    second.Wait();
                    return new Quotient(divide.Value / divide.By);
                });
            });
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Join(Wire.Frame(Wire.Message, 72, Wire.Array("slow")), Wire.Frame(Wire.Request, 1, 71, Wire.Array(7.0, 2.0))));
        client.HalfClose();
        WaitUntil(() => Server.Core.Inbox.Depth == 3, "the end of the input is not in the inbox");
        Advance(5);
        first.Set();
        Assert.That(secondBegan.Wait(TestHost.Patience), Is.True);
        Advance(5);
        Assert.That(ClosedFor(CloseReason.Disconnected), Is.Zero, "the handlers got on");
        if (hangs)
        {
            Advance(5);
            Assert.That(ClosedFor(CloseReason.Disconnected), Is.EqualTo(1), "they did not");
        }

        second.Set();
        Assert.That(client.ReadToEnd(), Has.Count.EqualTo(hangs ? 0 : 1));
    }

    [Test]
    public void SlowConsumer_LoopStoodStill_PeerMayStillRead()
    {
        StartWithManualTime(listen =>
        {
            listen.IdleTimeout = TimeSpan.Zero;
            listen.SendBufferBytes = 4096;
        });
        using RawClient client = RawClient.Open(Server, receiveBufferBytes: 4096);
        Session session = NextOpened();
        WaitUntil(() => session.Send(new Say(new string('x', 4000))) == SendStatus.Sent && session.QueuedBytes > 10_000, "the kernel takes everything");
        Step(LongStall);
        Assert.That(ClosedFor(CloseReason.SlowConsumer), Is.Zero);
        Advance(11);
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.SlowConsumer));
    }

    [Test]
    public void Idle_InputWaitsInTheKernel_IsReadBeforeTheDeadline()
    {
        StartWithManualTime();
        using RawClient client = RawClient.Open(Server);
        Advance(29.5);
        WhileTheLoopIsBusy(() =>
        {
            client.Send(Wire.Frame(Wire.Message, 72, Wire.Array("in time")));
            Time.Advance(TimeSpan.FromSeconds(0.9));
        });
        WaitUntil(() => !Said.IsEmpty, "not handled");
        Assert.That(ClosedFor(CloseReason.Idle), Is.Zero);
    }

    [Test]
    public void Handshake_HelloWaitsInTheKernel_IsReadBeforeTheDeadline()
    {
        StartWithManualTime();
        using var client = new RawClient(Server);
        WaitUntil(() => Server.Opening.Count == 1, "not accepted");
        Advance(4.5);
        WhileTheLoopIsBusy(() =>
        {
            client.Send(Wire.HelloFrame());
            Time.Advance(TimeSpan.FromSeconds(0.9));
        });
        Assert.That(client.Read()[2], Is.Null, "the answer to Hello");
        Assert.That(ClosedFor(CloseReason.HandshakeTimeout), Is.Zero);
    }

    [Test]
    public void Request_ResponseWaitsInTheKernel_IsReadBeforeTheDeadline()
    {
        StartWithManualTime();
        using RawClient client = RawClient.Open(Server);
        Task<Quotient> asked = NextOpened().RequestAsync(new Divide(7, 2), TimeSpan.FromSeconds(3));
        object? id = client.Read()[1];
        Advance(2.5);
        WhileTheLoopIsBusy(() =>
        {
            client.Send(Wire.Frame(Wire.Response, id, null, Wire.Array(3.5)));
            Time.Advance(TimeSpan.FromSeconds(0.9));
        });
        Assert.That(asked.Wait(TestHost.Patience), Is.True);
        Assert.That(asked.Result.Value, Is.EqualTo(3.5));
    }

    [Test]
    public void Ping_LoopStoodStillBeforeTheAnswer_IsNotMeasured()
    {
        StartWithManualTime(listen => listen.PingInterval = TimeSpan.FromSeconds(10));
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Advance(1);
        object? time = ((object?[])client.Read()[3]!)[0];
        Step(LongStall);
        client.Send(Wire.Frame(Wire.Response, uint.MaxValue, null, Wire.Array(time, 0, 0)));
        client.Sync();
        Assert.That(session.RoundTripTime, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void RateLimit_LoopStoodStill_WhatCameMeanwhileIsAllowed()
    {
        StartWithManualTime(listen => listen.RateLimit = new RateLimitOptions { MessagesPerSecond = 10, MessageBurst = 10 });
        using RawClient client = RawClient.Open(Server);
        Step(11);
        for (int i = 0; i < 100; i++)
        {
            client.Send(Wire.Frame(Wire.Message, 72, Wire.Array($"{i}")));
        }

        WaitUntil(() => Said.Count == 100, "not handled");
        Assert.That(ClosedFor(CloseReason.RateLimited), Is.Zero);
    }
}
