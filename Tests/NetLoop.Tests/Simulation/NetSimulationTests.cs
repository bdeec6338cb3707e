using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation;

/// <summary>An application's handlers in virtual time, in every mode.</summary>
[Parallelizable]
internal sealed class NetSimulationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Advance_MessageUnderLoss_ComesBack()
    {
        using var sim = new NetSimulation(seed: 42) { Link = LinkConditions.Lossy(0.05, TimeSpan.FromMilliseconds(30)) };
        var server = sim.Server(o => o.TickRate = 30);
        server.On<Say>((session, in say) => session.Send(say));
        var bob = sim.Client(server);

        bob.Send(new Say("hi"));
        sim.Advance(Second);

        Assert.That(bob.Received<Say>().Single().Text, Is.EqualTo("hi"));
        Assert.That(bob.CountReceived<Say>(), Is.EqualTo(1));
    }

    [Test]
    public void TraceHash_SameSeed_IsTheSame([Values] HandlerMode mode)
    {
        ulong first = Play(seed: 5, mode);
        Assert.That(Play(seed: 5, mode), Is.EqualTo(first));
        Assert.That(Play(seed: 6, mode), Is.Not.EqualTo(first));
    }

    [Test]
    public void Run_Request_GetsItsAnswer([Values] HandlerMode mode)
    {
        using var sim = new NetSimulation { Link = new LinkConditions(TimeSpan.FromMilliseconds(50)) };
        var server = sim.Server(o => o.HandlerMode = mode);
        server.OnRequest<Divide, Quotient>((session, in d) => d.By == 0 ? throw new RequestException(1000, "division by zero") : new(d.Value / d.By));
        var bob = sim.Client(server);

        TimeSpan asked = sim.Now;
        Assert.That(sim.Run(bob.RequestAsync(new Divide(7, 2))).Value, Is.EqualTo(3.5));
        Assert.That(sim.Now - asked, Is.InRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(102)), "a round trip, and not more");
        var error = Assert.Throws<RequestException>(() => sim.Run(bob.RequestAsync(new Divide(7, 0))));
        Assert.That(error!.Code, Is.EqualTo(1000));
    }

    [Test]
    public void Client_AuthenticatorTakesTime_OpensInVirtualTime([Values] HandlerMode mode)
    {
        using var sim = new NetSimulation();
        int thread = Environment.CurrentManagedThreadId;
        int answeredOn = 0;
        var server = sim.Server(o =>
        {
            o.HandlerMode = mode;
            o.Authenticate = async (request, cancellation) =>
            {
                await Task.Delay(Second, o.TimeProvider, cancellation);
                answeredOn = Environment.CurrentManagedThreadId;
                return AuthenticationResult.Accept("bob");
            };
        });
        object? identity = null;
        server.OnOpened(session => identity = session.UserData);
        TimeSpan dialed = sim.Now;
        var bob = sim.Client(server);
        Assert.That(sim.Now - dialed, Is.InRange(Second, TimeSpan.FromSeconds(1.01)));
        sim.Advance(Second);
        Assert.That(answeredOn, Is.EqualTo(thread));
        Assert.That(identity, Is.EqualTo("bob"));
        Assert.That(bob.IsOpen);
    }

    [Test]
    public void Run_AsynchronousCode_GoesOnInVirtualTime()
    {
        using var sim = new NetSimulation { Link = new LinkConditions(TimeSpan.FromMilliseconds(50)) };
        var server = sim.Server();
        server.OnRequest<Divide, Quotient>((session, in d) => new(d.Value / d.By));
        IReadOnlyList<SimulatedClient> clients = sim.Clients(server, 3);
        int thread = Environment.CurrentManagedThreadId;

        double sum = sim.Run(async () =>
        {
            Quotient first = await clients[0].RequestAsync(new Divide(8, 2));
            await Task.Delay(TimeSpan.FromSeconds(5), sim.TimeProvider);
            Quotient[] others = await Task.WhenAll(clients.Skip(1).Select(c => c.RequestAsync(new Divide(first.Value, 2))));
            Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(thread));
            return others.Sum(quotient => quotient.Value);
        });

        Assert.That(sum, Is.EqualTo(4));
        Assert.That(sim.Now, Is.InRange(TimeSpan.FromSeconds(5.2), TimeSpan.FromSeconds(5.5)));
    }

    [Test]
    public void Run_RequestWithoutAnswer_TimesOutInVirtualTime()
    {
        using var sim = new NetSimulation();
        var server = sim.Server(o => o.TickRate = 0);
        var never = new TaskCompletionSource<Quotient>();
        server.OnRequest<Divide, Quotient>((session, d) => new ValueTask<Quotient>(never.Task));
        var bob = sim.Client(server);
        sim.Advance(TimeSpan.FromSeconds(9));

        TimeSpan asked = sim.Now;
        var error = Assert.Throws<RequestException>(() => sim.Run(bob.RequestAsync(new Divide(1, 1))));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.TimedOut));
        Assert.That(
            sim.Now - asked, Is.InRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.1)), "its whole timeout, however long the client was idle before");
    }

    [Test]
    public void Advance_AsyncAndOffloadedHandlers_RunInVirtualTime([Values] HandlerMode mode)
    {
        using var sim = new NetSimulation();
        TimeProvider time = TimeProvider.System;
        var server = sim.Server(o =>
        {
            o.HandlerMode = mode;
            time = o.TimeProvider;
        });
        server.On<Say>(async (session, say) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), time);
            session.Send(new Say(say.Text + ", late"));
        });
        server.OnRequest<Divide, Quotient>((session, in d) => new(d.Value / d.By), new OffloadOptions { Workers = 2 });
        var bob = sim.Client(server);

        bob.Send(new Say("hi"));
        sim.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(bob.Received<Say>(), Is.Empty);
        sim.Advance(TimeSpan.FromSeconds(0.2));
        Assert.That(bob.Received<Say>().Single().Text, Is.EqualTo("hi, late"));
        Assert.That(sim.Run(bob.RequestAsync(new Divide(1, 4))).Value, Is.EqualTo(0.25));
    }

    [Test]
    public void AdvanceTicks_RunsThemAndNoMore([Values] HandlerMode mode)
    {
        using var sim = new NetSimulation();
        long ticks = 0;
        var server = sim.Server(o =>
        {
            o.TickRate = 60;
            o.HandlerMode = mode;
        });
        server.OnTick(tick => ticks = tick.Number);

        sim.AdvanceTicks(server, 60);

        Assert.That(ticks, Is.EqualTo(60));
        Assert.That(sim.Now, Is.InRange(Second, TimeSpan.FromSeconds(1.001)));
    }

    [Test]
    public void AdvanceUntil_NotInTime_TellsTheStateOfEverybody()
    {
        using var sim = new NetSimulation(seed: 9);
        var server = sim.Server();
        var bob = sim.Client(server, name: "bob");
        bob.Close();

        var error = Assert.Throws<TimeoutException>(() => sim.AdvanceUntil(() => bob.CountReceived<Say>() > 0, within: Second));

        Assert.That(error!.Message, Does.Contain("'() => bob.CountReceived<Say>() > 0' did not hold within 1 virtual seconds"));
        Assert.That(error.Message, Does.Contain("seed 9").And.Contain("server: running, 0 sessions").And.Contain("bob: closed (Normal)"));
    }

    [Test]
    public void AdvanceUntil_ConditionComesTrue_EndsWithinAMillisecondOfIt()
    {
        using var sim = new NetSimulation();
        bool isRung = false;
        sim.Schedule(TimeSpan.FromMilliseconds(500), () => isRung = true);
        using IDisposable clock = sim.Repeat(TimeSpan.FromMilliseconds(0.1), () => { });

        sim.AdvanceUntil(() => isRung);

        Assert.That(sim.Now, Is.InRange(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(501.1)));
    }

    [Test]
    public void Advance_HandlerThrows_EndsWithWhatItThrew([Values] HandlerMode mode)
    {
        using var sim = new NetSimulation(seed: 3);
        var server = sim.Server(o => o.HandlerMode = mode);
        server.On<Say>((_, in _) => throw new FormatException("no such word"));
        var bob = sim.Client(server);
        bob.Send(new Say("hi"));

        var fault = Assert.Throws<HandlerFaultException>(() => sim.Advance(Second));

        Assert.That(fault!.InnerException, Is.TypeOf<FormatException>());
        Assert.That(fault.Message, Does.Contain("On server").And.Contain("seed 3").And.Contain("Say"));
        sim.Advance(Second);
        Assert.That(bob.Closed?.Reason, Is.EqualTo(CloseReason.HandlerFault), "time goes on after the fault");
    }

    [Test]
    public void Advance_TickOrContinuationOrClientHandlerThrows_Ends()
    {
        using var sim = new NetSimulation();
        var server = sim.Server(setUp: s => s.OnTick(tick => throw new FormatException("tick")));
        Assert.That(Assert.Throws<HandlerFaultException>(() => sim.Advance(Second))!.InnerException!.Message, Is.EqualTo("tick"));

        using var second = new NetSimulation();
        server = second.Server(o => o.TickRate = 0);
        server.On<Say>(async (session, say) =>
        {
            await Task.Yield();
            session.Send(say);
            throw new FormatException("continuation");
        });
        var bob = second.Client(server);
        bob.Send(new Say("hi"));
        Assert.That(Assert.Throws<HandlerFaultException>(() => second.Advance(Second))!.InnerException!.Message, Is.EqualTo("continuation"));

        using var third = new NetSimulation();
        server = third.Server();
        server.OnOpened(session => session.Send(new Say("welcome")));
        Assert.Throws<HandlerFaultException>(() =>
        {
            third.Client(server, o => o.Handlers = new HandlerTable().On<Say>((_, in _) => throw new FormatException("client")));
            third.Advance(Second);
        });
    }

    [Test]
    public void FailOnHandlerFault_False_LeavesItToTheServersPolicy()
    {
        using var sim = new NetSimulation { FailOnHandlerFault = false };
        var server = sim.Server();
        server.On<Say>((_, in _) => throw new FormatException("no such word"));
        var bob = sim.Client(server);
        bob.Send(new Say("hi"));

        sim.Advance(Second);

        Assert.That(bob.Closed?.Reason, Is.EqualTo(CloseReason.HandlerFault));
        Assert.That(sim.HandlerFaults.Single().InnerException, Is.TypeOf<FormatException>());
        Assert.That(server.GetStatistics().HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public void Schedule_ActionThrows_TestSeesIt()
    {
        using var sim = new NetSimulation();
        sim.Schedule(Second, () => throw new FormatException());
        Assert.Throws<FormatException>(() => sim.Advance(2 * Second));
        Assert.That(sim.Now, Is.EqualTo(Second));
    }

    [Test]
    public void Repeat_UntilDisposed_HappensOnceAnInterval()
    {
        using var sim = new NetSimulation();
        int count = 0;
        IDisposable repeated = sim.Repeat(TimeSpan.FromMilliseconds(100), () => count++);
        sim.Advance(Second);
        repeated.Dispose();
        sim.Advance(Second);
        Assert.That(count, Is.EqualTo(10));
    }

    [Test]
    public void Clients_AThousand_AreAllOpen()
    {
        using var sim = new NetSimulation { Link = LinkConditions.Lossy(0.05, TimeSpan.FromMilliseconds(30)) };
        var server = sim.Server();
        IReadOnlyList<SimulatedClient> clients = sim.Clients(server, 1000);
        Assert.That(clients.All(client => client.IsOpen));
        Assert.That(server.Everyone.Count, Is.EqualTo(1000));
        server.Broadcast(new Say("hi"));
        sim.AdvanceUntil(() => clients.All(client => client.CountReceived<Say>() == 1));
    }

    [Test]
    public void Received_HandlerToo_BothGetIt()
    {
        using var sim = new NetSimulation();
        var server = sim.Server();
        server.OnOpened(session =>
        {
            session.Send(new Say("one"));
            session.Send(new Numbered(2, []));
            session.Send(new Say("three"));
        });
        var heard = new List<string>();
        var bob = sim.Client(server, o => o.Handlers = new HandlerTable().On<Say>((_, in say) => heard.Add(say.Text)));
        sim.Advance(Second);

        Assert.That(heard, Is.EqualTo(["one", "three"]));
        Assert.That(bob.Received<Say>().Select(say => say.Text), Is.EqualTo(heard));
        Assert.That(bob.Received<Numbered>().Single().Number, Is.EqualTo(2));
        bob.ClearReceived();
        Assert.That(bob.Received<Say>(), Is.Empty);
        Assert.That(server.GetStatistics().Sessions, Is.EqualTo(1), "what no handler takes is kept, not an error");
    }

    [Test]
    public void OnRequest_FromTheServer_IsAnsweredByTheClient()
    {
        using var sim = new NetSimulation();
        var server = sim.Server();
        double answer = 0;
        server.On<Say>(async (session, say) =>
        {
            Quotient quotient = await session.RequestAsync(new Divide(9, 3));
            answer = quotient.Value;
        });
        var bob = sim.Client(server).OnRequest<Divide, Quotient>((session, in d) => new(d.Value / d.By));
        bob.Send(new Say("ask me"));
        sim.Advance(Second);
        Assert.That(answer, Is.EqualTo(3));
    }

    [Test]
    public async Task DisposeAsync_OfASimulatedServer_Drains()
    {
        using var sim = new NetSimulation();
        await using (var server = sim.Server(setUp: s => s.OnOpened(session => session.Send(new Say("hi")))))
        {
            sim.Client(server);
        }

        Assert.That(sim.Now, Is.LessThan(Second));
    }

    [Test]
    public void RunAsync_OfASimulatedServer_EndsByItsToken()
    {
        using var sim = new NetSimulation();
        using var stop = new CancellationTokenSource();
        var server = sim.Server();
        Task run = server.RunAsync(stop.Token);
        var bob = sim.Client(server);

        stop.Cancel();
        sim.AdvanceUntil(() => server.Completion.IsCompleted);
        sim.Advance(Second);

        Assert.That(bob.Closed?.Reason, Is.EqualTo(CloseReason.ServerStopping));
        Assert.That(run.IsFaulted, Is.False);
    }

    private static ulong Play(ulong seed, HandlerMode mode)
    {
        using var sim = new NetSimulation(seed) { Link = LinkConditions.Lossy(0.1, TimeSpan.FromMilliseconds(20)) };
        TimeProvider time = TimeProvider.System;
        var server = sim.Server(o =>
        {
            o.HandlerMode = mode;
            time = o.TimeProvider;
        });
        server.On<Say>(async (session, say) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(7), time);
            session.Send(say);
        });
        server.OnRequest<Divide, Quotient>((session, in d) => new(d.Value / d.By), new OffloadOptions { Workers = 2 });
        server.OnTick(tick => server.Broadcast(new Numbered((int)tick.Number, [1, 2, 3])));
        sim.SetHarmlessFaults(0.02);
        IReadOnlyList<SimulatedClient> clients = sim.Clients(server, 5);
        clients[1].StopReading();
        sim.Run(async () =>
        {
            clients[2].Send(new Say("hi"));
            await Task.WhenAll(clients.Select(c => c.RequestAsync(new Divide(1, 2), TimeSpan.FromSeconds(2))).Where((_, i) => i != 1));
        });
        clients[3].Crash();
        sim.Pause(server, TimeSpan.FromMilliseconds(300));
        sim.Advance(TimeSpan.FromSeconds(1));
        clients[3].Reconnect();
        Assert.That(clients[2].CountReceived<Say>(), Is.EqualTo(1));
        return sim.TraceHash;
    }
}
