using System.Collections.Concurrent;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>Slow handlers: reading pauses, nothing is lost, the order is kept, and other sessions continue.</summary>
public sealed class HandlerFlowTests : ServerFixture
{
    private const int Many = 3_000;

    [Test]
    public void Offload_OneWorkerAndLittleRoom_KeepsOrderAndLosesNothing()
    {
        var handled = new ConcurrentQueue<string>();
        using var gate = new ManualResetEventSlim();
        Start(handlers: server => server.On<Say>(
            (session, in say) =>
            {
                gate.Wait(TestHost.Patience);
                handled.Enqueue(say.Text);
            },
            new OffloadOptions { Workers = 1, Capacity = 8 }));
        using RawClient client = RawClient.Open(Server);
        using RawClient other = RawClient.Open(Server);
        client.Send(Numbers(Many));
        WaitUntil(() => Server.GetStatistics().ReadPauses > 0, "reading does not pause");
        other.Sync();
        Assert.That(handled, Is.Empty);
        gate.Set();
        client.Sync();
        WaitUntil(() => handled.Count == Many, "some are lost");
        Assert.That(handled, Is.EqualTo(Texts(Many)));
    }

    [Test]
    public void Offload_ManyWorkers_HandleEachOnceWithinTheCapacity()
    {
        var handled = new ConcurrentBag<string>();
        int running = 0;
        int most = 0;
        Start(handlers: server => server.On<Say>(
            (session, in say) =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                handled.Add(say.Text);
                Interlocked.Decrement(ref running);
            },
            new OffloadOptions { Workers = 3, Capacity = 16 }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(Many));
        WaitUntil(() => handled.Count == Many, "some are lost");
        Assert.That(handled.Order(StringComparer.Ordinal), Is.EqualTo(Texts(Many).Order(StringComparer.Ordinal)));
        Assert.That(most, Is.LessThanOrEqualTo(3));
    }

    [Test]
    public void Dedicated_HandlerBlocks_PingIsAnswered()
    {
        using var gate = new ManualResetEventSlim();
        Start(configure: o => o.HandlerMode = HandlerMode.Dedicated, handlers: server => server.On<Say>((session, in say) => gate.Wait(TestHost.Patience)));
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(1));
        client.Sync(1);
        client.Sync(2);
        Assert.That(gate.IsSet, Is.False);
        gate.Set();
    }

    [Test]
    public void Dedicated_HandlerBlocksAfterItSent_WhatItSentGoesOut()
    {
        using var gate = new ManualResetEventSlim();
        Start(configure: o => o.HandlerMode = HandlerMode.Dedicated, handlers: server => server.On<Say>((session, in say) =>
        {
            session.Send(say);
            gate.Wait(TestHost.Patience);
        }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(1));
        Assert.That(client.Read()[0], Is.EqualTo(Wire.Message));
        Assert.That(gate.IsSet, Is.False);
        gate.Set();
    }

    [Test]
    public void Dedicated_SendsBroadcastsLargeBodiesAndClose_KeepTheirOrder()
    {
        const int Rounds = 500;
        byte[] large = new byte[40_000]; // Longer than a chunk.
        Start(
            listen => listen.MaxSendQueueBytes = 64 * 1024 * 1024,
            o => o.HandlerMode = HandlerMode.Dedicated,
            server => server.On<Say>((session, in say) =>
            {
                for (int i = 0; i < Rounds; i++)
                {
                    session.Send(new Say($"{4 * i}"));
                    server.Broadcast(new Say($"{(4 * i) + 1}"));
                    session.Send(new Say($"{(4 * i) + 2}"));
                    if (i % 50 == 0)
                    {
                        session.Send(new Blob(large));
                    }

                    session.Send(new Say($"{(4 * i) + 3}"));
                }

                session.Close(CloseReason.Normal, "all");
                session.Send(new Say("too late"));
            }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(1));
        List<object?[]> bodies = client.ReadToEnd();
        Assert.That(bodies, Has.Count.EqualTo((4 * Rounds) + (Rounds / 50) + 1));
        IEnumerable<object?> texts = bodies.Select(body => ((object?[])body[2]!)[0]).OfType<string>();
        Assert.That(texts, Is.EqualTo(Texts(4 * Rounds)));
        Assert.That(bodies[^1][1], Is.EqualTo(Wire.Goodbye));
    }

    [Test]
    public void Dedicated_ThousandsSentByOneHandler_ArriveInOrder()
    {
        Start(
            listen =>
            {
                listen.MaxSendQueueBytes = 64 * 1024 * 1024;
                listen.MaxSendQueueMessages = 1_000_000;
            },
            o => o.HandlerMode = HandlerMode.Dedicated,
            server => server.On<Say>((session, in say) =>
            {
                for (int i = 0; i < 20_000; i++)
                {
                    session.Send(new Say($"{i}"));
                }
            }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(1));
        for (int i = 0; i < 20_000; i++)
        {
            Assert.That(((object?[])client.Read()[2]!)[0], Is.EqualTo($"{i}"));
        }
    }

    [Test]
    public void Dedicated_InboxFull_PausesReadingAndGoesOnInOrder()
    {
        using var gate = new ManualResetEventSlim();
        Start(
            configure: o =>
            {
                o.HandlerMode = HandlerMode.Dedicated;
                o.MaxInboxMessages = 16;
            },
            handlers: server => server.On<Say>((session, in say) =>
            {
                gate.Wait(TestHost.Patience);
                Said.Enqueue(say.Text);
            }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(Many));
        WaitUntil(() => Server.GetStatistics().ReadPauses > 0, "reading does not pause");
        Assert.That(OnLoop(() => Server.GetStatistics().InboxDepth), Is.LessThanOrEqualTo(20));
        gate.Set();
        WaitUntil(() => Said.Count == Many, "some are lost");
        Assert.That(Said, Is.EqualTo(Texts(Many)));
    }

    [Test]
    public void Dedicated_PeerResetsWhileReadingIsPaused_IsNoticedLater()
    {
        using var gate = new ManualResetEventSlim();
        Start(
            configure: o =>
            {
                o.HandlerMode = HandlerMode.Dedicated;
                o.MaxInboxMessages = 4;
            },
            handlers: server => server.On<Say>((session, in say) => gate.Wait(TestHost.Patience)));
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(100));
        WaitUntil(() => Server.GetStatistics().ReadPauses > 0, "reading does not pause");
        client.Reset();
        OnLoop(() => 0);
        gate.Set();
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.TransportError));
    }

    [Test]
    public void Loop_BadMessageBehindGoodOnes_EndsTheSessionAfterThem()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.SendIgnoringReset(Wire.Join(Numbers(5), Wire.Frame(Wire.Message, 72, Wire.Array(7)), Numbers(5)));
        client.ExpectGoodbye(CloseReason.Malformed);
        Assert.That(Said, Is.EqualTo(Texts(5)));
    }

    [Test]
    public void Loop_InboxSmallerThanOneRead_LosesNothing()
    {
        Start(configure: o => o.MaxInboxMessages = 2);
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(Many));
        client.Sync();
        Assert.That(Said, Is.EqualTo(Texts(Many)));
    }

    [Test]
    public void Async_MoreThanMayRun_PausesReadingAndLosesNothing()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0;
        Start(
            listen => listen.MaxPendingHandlers = 4,
            o => o.MaxInboxMessages = 4,
            server => server.On<Say>(async (Session session, Say say) =>
            {
                Interlocked.Increment(ref begun);
                await gate.Task;
                Said.Enqueue(say.Text);
            }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Numbers(100));
        WaitUntil(() => Server.GetStatistics().ReadPauses > 0 && begun >= 4, "reading does not pause");
        Assert.That(begun, Is.LessThanOrEqualTo(8), "what was in the inbox may begin, no more");
        gate.SetResult();
        WaitUntil(() => Said.Count == 100, "some are lost");
    }

    [Test]
    public void HalfClose_AfterARequest_DeliversTheResponse([Values("sync", "async", "offload", "dedicated")] string how)
    {
        Start(
            configure: o => o.HandlerMode = how == "dedicated" ? HandlerMode.Dedicated : HandlerMode.Loop,
            handlers: server =>
            {
                if (how == "async")
                {
                    server.OnRequest<Divide, Quotient>(async (Session session, Divide divide) =>
                    {
                        await Task.Yield();
                        return new Quotient(divide.Value / divide.By);
                    });
                }
                else
                {
                    server.OnRequest<Divide, Quotient>(
                        (session, in divide) => new Quotient(divide.Value / divide.By), how == "offload" ? new OffloadOptions() : null);
                }
            });
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 3, 71, Wire.Array(7.0, 2.0)));
        client.HalfClose();
        Assert.That(client.Read(), Is.EqualTo(new object?[] { 1L, 3L, null, new object?[] { 3.5 } }));
        Assert.That(client.TryRead(), Is.Null);
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(CloseReason.Disconnected, "", ByPeer: true)));
    }

    [Test]
    public void HalfClose_ResponseWaitsInTheOutbox_IsSentBeforeTheEnd()
    {
        using var mayHandle = new ManualResetEventSlim();
        using var mayAnswer = new ManualResetEventSlim();
        using var isLoopBlocked = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        Start(
            configure: o => o.HandlerMode = HandlerMode.Dedicated,
            handlers: server => server
                .On<Say>((session, in say) => mayHandle.Wait(TestHost.Patience))
                .OnRequest<Divide, Quotient>(
                    (session, in divide) =>
                    {
                        mayAnswer.Wait(TestHost.Patience);
                        return new Quotient(divide.Value / divide.By);
                    },
                    new OffloadOptions()));
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Join(Numbers(1), Wire.Frame(Wire.Request, 3, 71, Wire.Array(7.0, 2.0))));
        client.HalfClose();
        WaitUntil(() => Server.Core.Inbox.Depth == 3, "the end of the stream is not in the inbox");

        // The loop is stalled while the end of the input, the response and the end of the handler arrive, in this order.
        Server.Post(() =>
        {
            isLoopBlocked.Set();
            gate.Wait(TestHost.Patience);
        });
        isLoopBlocked.Wait(TestHost.Patience);
        mayHandle.Set();
        Assert.That(SpinWait.SpinUntil(() => Server.Core.Inbox.Depth == 0, TestHost.Patience), Is.True, "the end of the stream is not handled");
        mayAnswer.Set();
        Assert.That(SpinWait.SpinUntil(() => Server.Core.Services.PendingHandlers == 0, TestHost.Patience), Is.True, "the handler does not end");
        gate.Set();
        Assert.That(client.Read(), Is.EqualTo(new object?[] { 1L, 3L, null, new object?[] { 3.5 } }));
        Assert.That(client.TryRead(), Is.Null);
    }

    private static byte[] Numbers(int count) => Wire.Join([.. Texts(count).Select(text => Wire.Frame(Wire.Message, 72, Wire.Array(text)))]);

    private static IEnumerable<string> Texts(int count) => Enumerable.Range(0, count).Select(number => $"{number}");

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
