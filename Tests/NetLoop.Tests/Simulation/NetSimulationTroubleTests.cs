using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation;

/// <summary>Faults of servers, clients and links, and what an application's tests see of them.</summary>
[Parallelizable]
internal sealed class NetSimulationTroubleTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<CloseInfo> _left = [];

    [SetUp]
    public void ForgetWhoLeft() => _left.Clear();

    [Test]
    public void CutLink_ForAWhile_LosesNothing()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server);

        bob.CutLink();
        bob.Send(new Say("from the tunnel"));
        server.Broadcast(new Say("into the tunnel"));
        sim.Advance(5 * Second);
        Assert.That(bob.Received<Say>(), Is.Empty);
        Assert.That(bob.IsLinkCut && bob.IsOpen);
        bob.HealLink();
        sim.Advance(Second);

        Assert.That(bob.Received<Say>().Select(say => say.Text), Is.EqualTo(["into the tunnel", "from the tunnel"]));
    }

    [Test]
    public void CutLink_ForTooLong_BothSidesGiveUpAndTheClientComesBack()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server);

        bob.CutLink();
        sim.AdvanceUntil(() => _left.Count == 1 && bob.Closed is not null);
        Assert.That(_left[0].Reason, Is.AnyOf(CloseReason.TransportError, CloseReason.Idle, CloseReason.SlowConsumer));
        Assert.That(Assert.Throws<NetConnectException>(bob.Reconnect)!.Message, Does.Contain("HandshakeTimeout").Or.Contain("does not answer"));
        bob.HealLink();
        bob.Reconnect();
        bob.Send(new Say("again"));
        sim.Advance(Second);

        Assert.That(bob.Received<Say>().Single().Text, Is.EqualTo("again"));
    }

    [Test]
    public void Link_OfOneClient_IsItsOwnAndCanChange()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var near = sim.Client(server);
        var far = sim.Client(server, link: new LinkConditions(TimeSpan.FromMilliseconds(200)));
        near.Send(new Say("hi"));
        far.Send(new Say("hi"));
        sim.Advance(TimeSpan.FromMilliseconds(300));
        Assert.That((near.CountReceived<Say>(), far.CountReceived<Say>()), Is.EqualTo((1, 0)));
        sim.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(far.CountReceived<Say>(), Is.EqualTo(1));

        far.Link = LinkConditions.Perfect;
        far.Send(new Say("near now"));
        sim.Advance(TimeSpan.FromMilliseconds(10));
        Assert.That(far.CountReceived<Say>(), Is.EqualTo(2));
    }

    [Test]
    public void NarrowLink_ClientThatOnlyReadsForLongerThanTheIdleTimeout_IsNotIdle()
    {
        using var sim = new NetSimulation(seed: 42) { Link = new LinkConditions(TimeSpan.Zero, BytesPerSecond: 10_000) };
        var server = sim.Server(
            o => o.ListenTcp("0.0.0.0", 7777, l => l.IdleTimeout = TimeSpan.FromSeconds(3)),
            s => s.OnClosed((_, info) => _left.Add(info)));
        var bob = sim.Client(server, o => o.PingInterval = Second);

        // The server's responses to bob's pings are queued after six seconds of this.
        server.Broadcast(new Blob(new byte[30_000]));
        server.Broadcast(new Blob(new byte[30_000]));
        sim.Advance(8 * Second);

        Assert.That(_left, Is.Empty);
        Assert.That(bob.CountReceived<Blob>(), Is.EqualTo(2));
    }

    [Test]
    public void Crash_OfAClient_ServerLearnsItAtOnceAndRequestsEnd()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server, name: "bob");
        Task<Quotient> request = bob.RequestAsync(new Divide(1, 1));

        bob.Crash();
        sim.Advance(Second);

        Assert.That(_left, Has.Count.EqualTo(1));
        Assert.That(Assert.Throws<RequestException>(() => sim.Run(request))!.Code, Is.EqualTo(ErrorCode.Cancelled));
        Assert.That(bob.Closed?.Reason, Is.EqualTo(CloseReason.TransportError));
        Assert.That(bob.Send(new Say("from the grave")), Is.EqualTo(SendStatus.Closed));
        Assert.That(bob.IsOpen, Is.False);
        bob.Reconnect();
        Assert.That(bob.IsOpen);
    }

    [Test]
    public void LosePower_OfAClient_ServerLearnsItByItsTimeOuts()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server);
        bob.LosePower();
        sim.Advance(5 * Second);
        Assert.That(_left, Is.Empty);
        sim.AdvanceUntil(() => _left.Count == 1);
        Assert.That(_left[0].Reason, Is.AnyOf(CloseReason.TransportError, CloseReason.Idle));
        bob.Reconnect();
        Assert.That(bob.IsOpen);
    }

    [Test]
    public void StopReading_UnderABroadcast_CostsTheSlowConsumerAlone()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var slow = sim.Client(server);
        var quick = sim.Client(server);
        slow.StopReading();

        using (sim.Repeat(TimeSpan.FromMilliseconds(10), () => server.Broadcast(new Blob(new byte[8000]))))
        {
            sim.AdvanceUntil(() => _left.Count == 1);
            sim.Advance(Second);
        }

        Assert.That(_left.Single().Reason, Is.EqualTo(CloseReason.SlowConsumer));
        Assert.That(quick.IsOpen && quick.CountReceived<Blob>() > 100);
        Assert.That(slow.CountReceived<Blob>(), Is.Zero);
        slow.ResumeReading();
        sim.Advance(10 * Second);
        Assert.That(slow.Closed, Is.Not.Null);
    }

    [Test]
    public void Pause_OfServerOrClient_DelaysEverythingOnIt()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server);
        sim.Pause(server, Second);
        bob.Send(new Say("hi"));
        sim.Advance(0.9 * Second);
        Assert.That(bob.CountReceived<Say>(), Is.Zero);
        sim.Advance(0.2 * Second);
        Assert.That(bob.CountReceived<Say>(), Is.EqualTo(1));
        Assert.That(server.GetStatistics().TicksSkipped, Is.GreaterThan(0));

        bob.Pause(Second);
        server.Broadcast(new Say("there?"));
        sim.Advance(0.9 * Second);
        Assert.That(bob.CountReceived<Say>(), Is.EqualTo(1));
        sim.Advance(0.2 * Second);
        Assert.That(bob.CountReceived<Say>(), Is.EqualTo(2));
    }

    [Test]
    public void Stop_Drains_ClientsAreTold()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server);
        bob.Send(new Say("last words"));
        sim.Advance(TimeSpan.FromMilliseconds(1));

        sim.Stop(server);
        sim.Advance(Second);

        Assert.That(server.Completion.IsCompletedSuccessfully);
        Assert.That(bob.Closed?.Reason, Is.EqualTo(CloseReason.ServerStopping));
        Assert.That(bob.Closed?.ByPeer, Is.True);
        Assert.That(bob.Received<Say>().Single().Text, Is.EqualTo("last words"));
        var refused = Assert.Throws<NetConnectException>(bob.Reconnect);
        Assert.That(refused!.Message, Does.Contain("nobody listens"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Restart_AfterADeath_RunsTheSetUpAgainAndClientsComeBack(bool withoutAWord)
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server);
        if (withoutAWord)
        {
            sim.LosePower(server);
        }
        else
        {
            sim.Crash(server);
        }

        Assert.That(server.Completion.IsCanceled);
        sim.AdvanceUntil(() => bob.Closed is not null);
        Assert.Throws<NetConnectException>(bob.Reconnect);

        NetServer next = sim.Restart(server);
        bob.Reconnect();
        bob.Send(new Say("back"));
        sim.Advance(Second);

        Assert.That(bob.Received<Say>().Single().Text, Is.EqualTo("back"));
        Assert.That(next.Everyone.Count, Is.EqualTo(1));
        Assert.Throws<InvalidOperationException>(() => sim.Client(server), "the old server is no more");
        Assert.That(sim.Client(next).IsOpen);
    }

    [Test]
    public void Close_WithAReason_ReachesTheServersHandler()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server);
        bob.Close(CloseReason.Normal, "good night");
        sim.Advance(Second);
        Assert.That(_left.Single(), Is.EqualTo(new CloseInfo(CloseReason.Normal, "good night", ByPeer: true)));
        Assert.That(bob.Closed?.ByPeer, Is.False);
    }

    [Test]
    public void SetHarmlessFaults_ManySeeds_NobodyNotices([Range(1, 10)] int seed)
    {
        using var sim = new NetSimulation((ulong)seed) { Link = LinkConditions.Lossy(0.05, TimeSpan.FromMilliseconds(10)) };
        var server = sim.Server(o => o.TickRate = 0);
        server.On<Numbered>((session, in numbered) => session.Send(numbered));
        sim.SetHarmlessFaults(0.1);
        var bob = sim.Client(server);
        for (int i = 0; i < 100; i++)
        {
            bob.Send(new Numbered(i, new byte[300]));
            sim.Advance(TimeSpan.FromMilliseconds(5));
        }

        sim.AdvanceUntil(() => bob.CountReceived<Numbered>() == 100);

        Assert.That(bob.Received<Numbered>().Select(numbered => numbered.Number), Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That(Enum.GetValues<FaultClass>().Sum(sim.CountFaults), Is.GreaterThan(20));
    }

    [Test]
    public void SetFault_OneAcceptInThreeFails_NewcomersAreNotKeptWaiting()
    {
        using NetSimulation sim = Echo(out NetServer server);
        sim.Advance(Second);
        sim.SetFault(FaultClass.AcceptNoBuffers, 0.3);
        SimulatedClient[] crowd = [.. Enumerable.Range(0, 400).Select(_ => sim.Dial(server))];
        sim.AdvanceUntil(() => crowd.All(one => one.IsOpen), within: 3 * Second);
        Assert.That(sim.CountFaults(FaultClass.AcceptNoBuffers), Is.GreaterThan(100));
    }

    [Test]
    public void SetFault_ResetAlways_EndsTheSession()
    {
        using NetSimulation sim = Echo(out NetServer server);
        var bob = sim.Client(server);
        sim.SetFault(FaultClass.ReceiveReset, 1);
        bob.Send(new Say("hi"));
        sim.Advance(Second);
        Assert.That(_left.Single().Reason, Is.EqualTo(CloseReason.TransportError));
        sim.SetFault(FaultClass.ReceiveReset, 0);
        bob.Reconnect();
        Assert.That(bob.IsOpen);
    }

    private NetSimulation Echo(out NetServer server)
    {
        var sim = new NetSimulation();
        server = sim.Server(setUp: s =>
        {
            s.On<Say>((session, in say) => session.Send(say));
            s.OnClosed((session, info) => _left.Add(info));
        });
        return sim;
    }
}
