using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>A handler that throws affects its own session as the policy says, and no other.</summary>
[TestFixture(HandlerMode.Loop)]
[TestFixture(HandlerMode.Dedicated)]
public sealed class HandlerFaultTests(HandlerMode mode) : ServerFixture
{
    private static readonly byte[] SayFrame = Wire.Frame(Wire.Message, 72, Wire.Array("x"));

    [Test]
    public void Handle_MessageHandlerThrows_EndsItsSessionOnly([Values] bool isAsync)
    {
        int calls = 0;
        StartWith(server =>
        {
            if (isAsync)
            {
                server.On<Say>(async (Session session, Say say) =>
                {
                    Interlocked.Increment(ref calls);
                    await Task.Yield();
                    throw new InvalidOperationException("secret detail");
                });
            }
            else
            {
                server.On<Say>((session, in say) =>
                {
                    Interlocked.Increment(ref calls);
                    throw new InvalidOperationException("secret detail");
                });
            }
        });
        using RawClient other = RawClient.Open(Server);
        using RawClient client = RawClient.Open(Server);
        client.Send(SayFrame);
        Assert.That(client.ExpectGoodbye(CloseReason.HandlerFault), Does.Not.Contain("secret"));
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.HandlerFault));
        other.Sync();
        Assert.That(calls, Is.EqualTo(1));
        Assert.That(Server.GetStatistics().HandlerFaults, Is.EqualTo(1));
        Assert.That(Log.CountOf(1201), Is.EqualTo(1));
    }

    [Test]
    public void Handle_MessageHandlerThrows_NothingBehindItIsHandled()
    {
        int calls = 0;
        StartWith(server => server.On<Say>((session, in say) =>
        {
            Interlocked.Increment(ref calls);
            throw new InsufficientMemoryException("not really");
        }));
        using RawClient client = RawClient.Open(Server);
        client.SendIgnoringReset(Wire.Join(SayFrame, SayFrame, SayFrame, SayFrame));
        client.ExpectGoodbye(CloseReason.HandlerFault);
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void Handle_MessageHandlerThrowsUnderContinue_IsCountedAndTheSessionGoesOn()
    {
        StartWith(server =>
        {
            server.Handlers.FaultPolicy = HandlerFaultPolicy.Continue;
            server.On<Say>((session, in say) => throw new InvalidOperationException());
        });
        using RawClient client = RawClient.Open(Server);
        for (int i = 0; i < 100; i++)
        {
            client.Send(SayFrame);
        }

        client.Sync();
        WaitUntil(() => Server.GetStatistics().HandlerFaults == 100, "faults are not counted");
        Assert.That(Log.CountOf(1201), Is.LessThan(100), "each fault is a line");
    }

    [Test]
    public void Handle_RequestHandlerThrows_AnswersWithoutDetails([Values] bool isAsync)
    {
        StartWith(server =>
        {
            if (isAsync)
            {
                server.OnRequest<Divide, Quotient>(async (Session session, Divide divide) =>
                {
                    await Task.Yield();
                    throw Fault(divide);
                });
            }
            else
            {
                server.OnRequest<Divide, Quotient>((session, in divide) =>
                    throw Fault(divide));
            }
        });
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(1.0, 1.0)));
        string text = client.ExpectError(1, ErrorCode.HandlerFailed);
        Assert.That(text, Does.Not.Contain("secret").And.Not.Contain(" at "));
        client.Send(Wire.Frame(Wire.Request, 2, 71, Wire.Array(1.0, 0.0)));
        Assert.That(client.ExpectError(2, 1000), Is.EqualTo("division by zero"));
        client.Sync();
        Assert.That(Server.GetStatistics().HandlerFaults, Is.EqualTo(1), "RequestException is an answer, not a fault");
    }

    [Test]
    public void Handle_ErrorTextLongerThanAFrame_IsAnsweredWithoutIt()
    {
        Start(
            listen => listen.MaxBodyBytes = 256,
            o => o.HandlerMode = mode,
            server => server.OnRequest<Divide, Quotient>((session, in divide) => throw new RequestException(1000, new string('x', 5000))));
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(1.0, 1.0)));
        Assert.That(client.ExpectError(1, 1000), Is.Empty);
    }

    [Test]
    public void Handle_AsyncVoidThrows_CostsTheServerNothing()
    {
        StartWith(server => server.On<Say>((session, in say) => Forgotten()));
        using RawClient client = RawClient.Open(Server);
        client.Send(SayFrame);
        WaitUntil(() => Log.CountOf(1010) == 1, "the fault is not logged");
        client.Sync();
        Assert.That(Server.GetStatistics().HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public void Handle_OpenedHandlerThrows_EndsItsSession()
    {
        StartWith(server => server.OnOpened(session => throw new InvalidOperationException()));
        using var client = new RawClient(Server);
        client.Send(Wire.HelloFrame());
        Assert.That(client.Read()[2], Is.Null);
        client.ExpectGoodbye(CloseReason.HandlerFault);
    }

    [Test]
    public void OnOpened_FirstOfTwoThrows_SecondIsCalledAndTheSessionEnds()
    {
        int calls = 0;
        StartWith(server => server
            .OnOpened(Combine<Session>(session => throw new InvalidOperationException(), session => Interlocked.Increment(ref calls)))
            .OnOpened(session => throw new InvalidOperationException())
            .OnOpened(session => Interlocked.Increment(ref calls)));
        using var client = new RawClient(Server);
        client.Send(Wire.HelloFrame());
        Assert.That(client.Read()[2], Is.Null);
        client.ExpectGoodbye(CloseReason.HandlerFault);
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.HandlerFault));
        Assert.That(calls, Is.EqualTo(2));
        Assert.That(Server.GetStatistics().HandlerFaults, Is.EqualTo(2), "each is counted");
        Assert.That(Log.TextsOf(1201), Has.Some.Contains(nameof(OnOpened_FirstOfTwoThrows_SecondIsCalledAndTheSessionEnds)), "the line says which");
    }

    [Test]
    public void OnClosed_FirstOfTwoThrows_SecondIsCalled()
    {
        using var called = new ManualResetEventSlim();
        StartWith(server => server
            .OnClosed((session, info) => throw new InvalidOperationException())
            .OnClosed((session, info) => called.Set()));
        using (RawClient client = RawClient.Open(Server))
        {
            client.Send(Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(0, "")));
        }

        Assert.That(called.Wait(TestHost.Patience), Is.True);
        Assert.That(Server.GetStatistics().HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public void OnTick_FirstOfTwoThrows_SecondIsCalledAndEachFaultCounted()
    {
        int calls = 0;
        Start(
            configure: o =>
            {
                o.HandlerMode = mode;
                o.TickRate = 100;
            },
            handlers: server => server
                .OnTick(_ => throw new InvalidOperationException())
                .OnTick(_ => Interlocked.Increment(ref calls)));
        Assert.That(SpinWait.SpinUntil(() => calls >= 3, TestHost.Patience), Is.True, "the other handler is silenced");
        Assert.That(Server.GetStatistics().HandlerFaults, Is.GreaterThanOrEqualTo(3));
        Assert.That(Log.TextsOf(1003), Has.Some.Contains(nameof(OnTick_FirstOfTwoThrows_SecondIsCalledAndEachFaultCounted)));
    }

    private static Action<T> Combine<T>(Action<T> first, Action<T> second) => first + second;

    private static Exception Fault(in Divide divide) =>
        divide.By == 0 ? new RequestException(1000, "division by zero") : new InvalidOperationException("secret detail");

    // A common mistake: the exception has no task, so it is thrown into the synchronization context.
#pragma warning disable VSTHRD100, AsyncFixer03
    private static async void Forgotten()
    {
        await Task.Yield();
        throw new InvalidOperationException("forgotten");
    }
#pragma warning restore VSTHRD100, AsyncFixer03

    private void StartWith(Action<NetServer> handlers) => Start(configure: o => o.HandlerMode = mode, handlers: handlers);
}
