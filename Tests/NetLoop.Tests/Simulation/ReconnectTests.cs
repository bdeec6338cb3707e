using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation;

/// <summary>A client that reconnects automatically, in virtual time.</summary>
[Parallelizable]
internal sealed class ReconnectTests
{
    private readonly List<ReconnectAttempt> _attempts = [];
    private readonly List<string> _events = [];

    [SetUp]
    public void BeginEmpty()
    {
        _attempts.Clear();
        _events.Clear();
    }

    [Test]
    public void Reconnect_ServerClosesTheSession_OpensAnotherWithTheSameHandlers()
    {
        using var sim = new NetSimulation(1);
        NetServer server = Serve(sim);
        SimulatedClient client = Connect(sim, server);
        Session first = client.Session;
        object player = new();
        first.UserData = player;
        server.Sessions.Single().Close(CloseReason.ServerStopping);
        sim.AdvanceUntil(() => client.Session != first && client.IsOpen);
        Assert.Multiple(() =>
        {
            Assert.That(first.Status, Is.EqualTo(SessionStatus.Closed));
            Assert.That(client.Session.Id, Is.Not.EqualTo(first.Id));
            Assert.That(client.Session.UserData, Is.SameAs(player));
            Assert.That(_events, Is.EqualTo(new[] { "opened", "closed ServerStopping", "opened" }));
            Assert.That(_attempts.Single().Ended.Reason, Is.EqualTo(CloseReason.ServerStopping));
            Assert.That(client.Closed, Is.Null);
        });
        Assert.That(sim.Run(client.RequestAsync<Divide, Quotient>(new Divide(7, 2))).Value, Is.EqualTo(3.5));
    }

    [Test]
    public void Reconnect_ServerIsAwayForLong_WaitsLongerEachTimeUpToTheLongest()
    {
        using var sim = new NetSimulation(7);
        NetServer server = Serve(sim);
        SimulatedClient client = Connect(sim, server, o => o.MaxDelay = TimeSpan.FromSeconds(5));
        sim.Crash(server);
        sim.AdvanceUntil(() => _attempts.Count > 30, TimeSpan.FromMinutes(10));
        Assert.Multiple(() =>
        {
            Assert.That(_attempts.Select(attempt => attempt.Number), Is.EqualTo(Enumerable.Range(1, _attempts.Count)));
            foreach (ReconnectAttempt attempt in _attempts)
            {
                double bound = Math.Min(5_000, 100 * Math.Pow(2, attempt.Number - 1));
                Assert.That(attempt.Delay.TotalMilliseconds, Is.InRange(0, bound), $"attempt {attempt.Number}");
            }

            Assert.That(_attempts.Max(attempt => attempt.Delay.TotalSeconds), Is.GreaterThan(3), "it uses the whole range");
            Assert.That(_attempts.Skip(10).Min(attempt => attempt.Delay.TotalSeconds), Is.LessThan(2), "it uses the whole range");
        });
        server = sim.Restart(server);
        sim.AdvanceUntil(() => client.IsOpen, TimeSpan.FromMinutes(1));
    }

    [Test]
    public void Reconnect_AttemptsAreUsedUp_EndsTheClient()
    {
        using var sim = new NetSimulation(3);
        NetServer server = Serve(sim);
        SimulatedClient client = Connect(sim, server, o => o.MaxAttempts = 3);
        sim.Crash(server);
        sim.AdvanceUntil(() => client.Closed is not null, TimeSpan.FromMinutes(5));
        Assert.That(_attempts, Has.Count.EqualTo(3));
        Assert.That(client.Closed!.Value.Reason, Is.EqualTo(CloseReason.TransportError));
    }

    [TestCase(CloseReason.Normal)]
    [TestCase(CloseReason.Kicked)]
    [TestCase(CloseReason.Replaced)]
    [TestCase(CloseReason.Unauthorized)]
    public void Reconnect_FinalReason_EndsTheClient(CloseReason reason)
    {
        using var sim = new NetSimulation(4);
        NetServer server = Serve(sim);
        SimulatedClient client = Connect(sim, server);
        server.Sessions.Single().Close(reason);
        sim.AdvanceUntil(() => client.Closed is not null);
        sim.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_attempts, Is.Empty);
        Assert.That(client.Closed!.Value.Reason, Is.EqualTo(reason));
        Assert.That(server.Sessions, Is.Empty);
    }

    [Test]
    public void Reconnect_SessionIsClosedDuringTheWait_EndsTheClient()
    {
        using var sim = new NetSimulation(5);
        NetServer server = Serve(sim);
        SimulatedClient client = Connect(sim, server, o => o.FirstDelay = TimeSpan.FromSeconds(20));
        server.Sessions.Single().Close(CloseReason.ServerStopping);
        sim.AdvanceUntil(() => _attempts.Count == 1);
        client.Close();
        sim.AdvanceUntil(() => client.Closed is not null);
        sim.Advance(TimeSpan.FromMinutes(1));
        Assert.That(server.Sessions, Is.Empty);
        Assert.That(_attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public void Reconnect_SessionsThatDoNotLast_CountAsOneRow()
    {
        using var sim = new NetSimulation(6);
        NetServer server = Serve(sim, server => server.OnOpened(session => session.Close(CloseReason.ServerFull)));
        SimulatedClient client = Connect(sim, server, o => o.MaxAttempts = 5);
        sim.AdvanceUntil(() => client.Closed is not null, TimeSpan.FromMinutes(5));
        Assert.That(_attempts.Select(attempt => attempt.Number), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void Reconnect_SessionThatLasts_BeginsANewRow()
    {
        using var sim = new NetSimulation(8);
        NetServer server = Serve(sim);
        SimulatedClient client = Connect(sim, server, o => o.MaxAttempts = 1);
        for (int i = 0; i < 3; i++)
        {
            sim.Advance(TimeSpan.FromSeconds(6));
            Session session = client.Session;
            server.Sessions.Single().Close(CloseReason.ServerStopping);
            sim.AdvanceUntil(() => client.Session != session && client.IsOpen);
        }

        Assert.That(_attempts.Select(attempt => attempt.Number), Is.EqualTo(new[] { 1, 1, 1 }));
    }

    [Test]
    public void Reconnect_CallbackThrows_IsLoggedAndTheClientGoesOn()
    {
        using var sim = new NetSimulation(9) { FailOnHandlerFault = false };
        NetServer server = Serve(sim);
        SimulatedClient client = Connect(sim, server, o => o.OnWaiting = _ => throw new InvalidOperationException());
        Session first = client.Session;
        server.Sessions.Single().Close(CloseReason.ServerStopping);
        sim.AdvanceUntil(() => client.Session != first && client.IsOpen);
    }

    private static NetServer Serve(NetSimulation sim, Action<NetServer>? setUp = null) => sim.Server(setUp: server =>
    {
        server.OnRequest<Divide, Quotient>((session, divide) => new Quotient(divide.Value / divide.By));
        setUp?.Invoke(server);
    });

    private SimulatedClient Connect(NetSimulation sim, NetServer server, Action<ReconnectOptions>? configure = null) => sim.Client(server, o =>
    {
        o.Handlers = new HandlerTable()
            .OnOpened(_ => _events.Add("opened"))
            .OnClosed((_, info) => _events.Add($"closed {info.Reason}"));
        o.Reconnect = new ReconnectOptions { OnWaiting = _attempts.Add };
        configure?.Invoke(o.Reconnect);
    });
}
