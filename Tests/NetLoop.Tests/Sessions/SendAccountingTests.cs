using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Sends that are rejected: each is counted once, and leaves nothing behind.</summary>
public sealed class SendAccountingTests : ServerFixture
{
    private long Refused => OnLoop(() => Server.GetStatistics().SendsRejected);

    [Test]
    public void Send_TooLarge_IsCountedOnceAndTheSessionGoesOn()
    {
        Start(listen => listen.MaxBodyBytes = 1024);
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        var tooLong = new Say(new string('x', 2000));
        for (int i = 1; i <= 3; i++)
        {
            Assert.That(OnLoop(() => session.Send(tooLong)), Is.EqualTo(SendStatus.TooLarge));
            Assert.That(Refused, Is.EqualTo(i));
            Assert.That(OnLoop(() => session.QueuedBytes), Is.Zero);
            Assert.That(OnLoop(() => Server.Core.Pool.Statistics.RentedLeases), Is.Zero);
        }

        Assert.That(OnLoop(() => session.Send(new Say("short"))), Is.EqualTo(SendStatus.Sent));
        Assert.That(client.Read()[2], Is.EqualTo(new object?[] { "short" }));
        Assert.That(Refused, Is.EqualTo(3));
    }

    [Test]
    public void SendRaw_LongestBody_IsSentAndOneByteMoreIsNot()
    {
        Start(listen => listen.MaxBodyBytes = 1024);
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        byte[] body = Wire.Body(Wire.Message, 72, Wire.Array(""));
        byte[] longest = Wire.Body(Wire.Message, 72, Wire.Array(new string('x', 1024 - body.Length)));
        Assert.That(longest, Has.Length.EqualTo(1024));
        foreach (bool isOnLoop in new[] { true, false })
        {
            SendStatus tooLong = isOnLoop ? OnLoop(() => session.SendRaw([.. longest, 0])) : session.SendRaw([.. longest, 0]);
            Assert.That(tooLong, Is.EqualTo(SendStatus.TooLarge), $"on the loop: {isOnLoop}");
            SendStatus sent = isOnLoop ? OnLoop(() => session.SendRaw(longest)) : session.SendRaw(longest);
            Assert.That(sent, Is.EqualTo(SendStatus.Sent), $"on the loop: {isOnLoop}");
            Assert.That(client.Read()[1], Is.EqualTo(72L));
        }

        Assert.That(OnLoop(() => session.QueuedBytes), Is.Zero);
    }

    [Test]
    public void Send_OnAClosedSession_IsCountedOnce()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        session.Close(CloseReason.Kicked);
        client.ExpectGoodbye(CloseReason.Kicked);
        long before = Refused;
        for (int i = 1; i <= 3; i++)
        {
            Assert.That(OnLoop(() => session.Send(new Say("late"))), Is.EqualTo(SendStatus.Closed));
            Assert.That(Refused - before, Is.EqualTo(i));
        }

        Assert.That(session.Send(new Say("late, from elsewhere")), Is.EqualTo(SendStatus.Closed));
        Assert.That(OnLoop(() => Server.Core.Pool.Statistics.RentedLeases), Is.Zero);
    }

    [Test]
    public void Send_QueueIsFull_IsCountedOnceAndEndsTheSessionOnce()
    {
        Start(listen =>
        {
            listen.MaxSendQueueMessages = 3;
            listen.SendBufferBytes = 4096;
            listen.IdleTimeout = TimeSpan.Zero;
        });
        using RawClient client = RawClient.Open(Server, receiveBufferBytes: 4096);
        Session session = NextOpened();
        var say = new Say(new string('x', 4000));
        int sent = 0;
        SendStatus status = SendStatus.Sent;
        while (sent < 100_000 && status == SendStatus.Sent)
        {
            status = OnLoop(() => session.Send(say));
            sent += status == SendStatus.Sent ? 1 : 0;
        }

        Assert.That((status, Refused), Is.EqualTo((SendStatus.Overflow, 1L)), $"after {sent}");
        Assert.That((OnLoop(() => session.Send(say)), Refused), Is.EqualTo((SendStatus.Closed, 2L)));
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.SlowConsumer));
        Assert.That(ClosedFor(CloseReason.SlowConsumer), Is.EqualTo(1));
        for (int i = 0; i < sent; i++)
        {
            Assert.That(client.Read()[1], Is.EqualTo(72L), $"{i}");
        }

        client.ExpectGoodbye(CloseReason.SlowConsumer);
    }

    [Test]
    public void Send_FullQueueThatWasSent_HasItsRoomAgain()
    {
        Start(listen => listen.MaxSendQueueMessages = 3);
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        for (int round = 0; round < 5; round++)
        {
            SendStatus[] statuses = OnLoop(() => Enumerable.Range(0, 3).Select(i => session.Send(new Say($"{i}"))).ToArray());
            Assert.That(statuses, Has.All.EqualTo(SendStatus.Sent), $"round {round}");
            for (int i = 0; i < 3; i++)
            {
                Assert.That(client.Read()[2], Is.EqualTo(new object?[] { $"{i}" }));
            }

            Assert.That(OnLoop(() => Server.GetStatistics().SendQueueBytes), Is.Zero);
        }
    }
}
