using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Asynchronous work for a session can stop when the session has closed.</summary>
[TestFixture(HandlerMode.Loop)]
[TestFixture(HandlerMode.Dedicated)]
public sealed class ClosedTokenTests(HandlerMode mode) : ServerFixture
{
    [Test]
    public void Closed_SessionCloses_CancelsWhatWaits()
    {
        var order = new List<string>();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(
            configure: o => o.HandlerMode = mode,
            handlers: server =>
            {
                server.On<Say>(async (session, say, closed) =>
                {
                    closed.Register(() => order.Add("token"));
                    started.SetResult();
                    try
                    {
                        await Task.Delay(Timeout.Infinite, closed);
                    }
                    finally
                    {
                        ended.TrySetResult();
                    }
                });
                server.OnClosed((session, info) => order.Add("closed"));
            });
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        CancellationToken token = session.Closed;
        Assert.That(token.IsCancellationRequested, Is.False);
        client.Send(Wire.Frame(Wire.Message, 72, Wire.Array("x")));

        // A handler counts as pending from when its message is decoded, and does not run if the session closes before its thread takes the message.
        Assert.That(started.Task.Wait(TestHost.Patience), Is.True, "the handler does not start");
        client.Reset();
        NextClosed();
        Assert.That(ended.Task.Wait(TestHost.Patience), Is.True, "the handler still waits");
        WaitUntil(() => Server.Core.Services.PendingHandlers == 0, "the handler does not end");
        Assert.Multiple(() =>
        {
            Assert.That(token.IsCancellationRequested, Is.True);
            Assert.That(session.Closed.IsCancellationRequested, Is.True, "asked afterwards");
            Assert.That(order, Is.EqualTo(new[] { "token", "closed" }));
            Assert.That(Server.GetStatistics().HandlerFaults, Is.Zero, "to stop is no fault");
        });
    }

    [Test]
    public void Closed_CallbackThrows_CostsNothingElse()
    {
        Start(configure: o => o.HandlerMode = mode);
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        session.Closed.Register(() => throw new InvalidOperationException("mine"));
        client.Reset();
        NextClosed();
        WaitUntil(() => Server.GetStatistics().HandlerFaults == 1, "the fault is not counted");
        Assert.That(Log.CountOf(1201), Is.EqualTo(1));
    }

    [Test]
    public void Closed_NobodyAsks_MakesNoSource()
    {
        Start(configure: o => o.HandlerMode = mode);
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        client.Reset();
        NextClosed();
        Assert.That(session.Closed, Is.EqualTo(new CancellationToken(canceled: true)), "one that needs no source");
    }
}
