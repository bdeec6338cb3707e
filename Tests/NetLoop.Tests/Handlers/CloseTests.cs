using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>What happens to a session's messages, and to handlers that still run, when it closes.</summary>
[TestFixture(HandlerMode.Loop)]
[TestFixture(HandlerMode.Dedicated)]
public sealed class CloseTests(HandlerMode mode) : ServerFixture
{
    // Written where handlers run. A request counts as pending from its arrival, and may still be dropped.
    private volatile bool _hasBegun;

    [Test]
    public void Close_InAHandler_NothingBehindItsMessageIsHandled()
    {
        int calls = 0;
        Start(configure: o => o.HandlerMode = mode, handlers: server => server.On<Say>((session, in say) =>
        {
            if (++calls == 3)
            {
                session.Close(CloseReason.Kicked);
            }
        }));
        using RawClient client = RawClient.Open(Server);
        client.SendIgnoringReset(Wire.Join([.. Enumerable.Repeat(Wire.Frame(Wire.Message, 72, Wire.Array("x")), 40)]));
        client.ExpectGoodbye(CloseReason.Kicked);
        NextClosed();
        Assert.That(calls, Is.EqualTo(3));
    }

    [Test]
    public void Close_WhileARequestIsHandled_CountsItsResponseAsLost()
    {
        TaskCompletionSource gate = StartWithGate();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(6.0, 2.0)));
        WaitUntil(() => _hasBegun, "the handler does not begin");
        NextOpened().Close(CloseReason.Kicked);
        client.ExpectGoodbye(CloseReason.Kicked);
        gate.SetResult();
        WaitUntil(() => Server.GetStatistics().ResponsesLost == 1, "the response is not counted");
    }

    [Test]
    public void Reset_WhileARequestIsHandled_IsThePeersOwnLoss()
    {
        TaskCompletionSource gate = StartWithGate();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(6.0, 2.0)));
        WaitUntil(() => _hasBegun, "the handler does not begin");
        client.Reset();
        Assert.That(NextClosed(), Has.Property(nameof(CloseInfo.Reason)).EqualTo(CloseReason.TransportError).And.Property(nameof(CloseInfo.ByPeer)).True);
        gate.SetResult();
        WaitUntil(() => Server.Core.Services.PendingHandlers == 0, "the handler does not end");
        Assert.That(Server.GetStatistics().ResponsesLost, Is.Zero);
    }

    [Test]
    public void Reset_BehindGoodbye_IsNormalAndWhatCameBeforeIsHandled()
    {
        using var gate = new ManualResetEventSlim();
        Start(configure: o => o.HandlerMode = mode, handlers: server => server.On<Say>((session, in say) =>
        {
            gate.Wait(mode == HandlerMode.Dedicated ? TestHost.Patience : TimeSpan.Zero);
            Said.Enqueue(say.Text);
        }));
        using RawClient client = RawClient.Open(Server);
        byte[] say = Wire.Frame(Wire.Message, 72, Wire.Array("x"));
        client.Send(Wire.Join(say, say, say, Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(0, "done"))));
        WaitUntil(() => Server.Core.Counters.BodiesIn >= 5, "not read"); // Hello, three messages, Goodbye.
        client.Reset();
        if (mode == HandlerMode.Dedicated)
        {
            WaitUntil(() => Server.GetStatistics().Connections == 0, "the reset is not seen");
        }

        gate.Set();
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(CloseReason.Normal, "done", ByPeer: true)));
        Assert.That(Said, Has.Count.EqualTo(3));
    }

    [Test]
    public void Receive_BadInputWhileAHandlerRuns_EndsAtTheCloseTimeout()
    {
        TaskCompletionSource gate = StartWithGate(o => o.TimeProvider = Time);
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Join(Wire.Frame(Wire.Request, 1, 71, Wire.Array(6.0, 2.0)), [0, 0, 0, 0]));
        WaitUntil(() => _hasBegun, "the handler does not begin");
        client.Send(Enumerable.Repeat((byte)0xC1, 1_000_000).ToArray()); // These bytes are discarded.
        Advance(4.9);
        Assert.That(ClosedFor(CloseReason.Malformed), Is.Zero);
        Advance(0.2);
        client.ExpectGoodbye(CloseReason.Malformed);
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.Malformed));
        gate.SetResult();
    }

    [Test]
    public void Receive_GoodbyeWhileAHandlerAwaitsAResponse_FailsTheWaitAndAnswers()
    {
        Start(configure: o => o.HandlerMode = mode, handlers: server => server.OnRequest<Divide, Quotient>(async (Session session, Divide divide) =>
        {
            RequestException? error = null;
            try
            {
                await session.RequestAsync<Divide, Quotient>(divide);
            }
            catch (RequestException caught)
            {
                error = caught;
            }

            return new Quotient(error!.Code);
        }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(6.0, 2.0)));
        Assert.That(client.Read()[0], Is.EqualTo(Wire.Request), "the server's own");
        client.Send(Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(0, "")));
        Assert.That(client.Read(), Is.EqualTo(new object?[] { 1L, 1L, null, new object?[] { (double)ErrorCode.Cancelled } }));
        Assert.That(client.TryRead(), Is.Null);
    }

    private TaskCompletionSource StartWithGate(Action<NetServerOptions>? configure = null)
    {
        _hasBegun = false;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(
            configure: o =>
            {
                o.HandlerMode = mode;
                configure?.Invoke(o);
            },
            handlers: server => server.OnRequest<Divide, Quotient>(async (Session session, Divide divide) =>
            {
                _hasBegun = true;
                await gate.Task;
                return new Quotient(divide.Value / divide.By);
            }));
        return gate;
    }
}
