using NetLoopServer;
using NUnit.Framework;

namespace NetLoop.Tests.Readme;

/// <summary>The examples of Engine/NetLoop.Simulation/README.md, compiled and run; <see cref="DocumentExampleTests"/> compares the texts.</summary>
[Parallelizable]
public sealed class SimulationExampleTests
{
    [Test]
    public void ChatRoom_UnderLoss_EverybodyHearsEverythingInOrder()
    {
        using var sim = new NetSimulation(seed: 42) { Link = LinkConditions.Lossy(0.05, TimeSpan.FromMilliseconds(30)) };
        sim.SetHarmlessFaults(0.02);                               // short reads, late events, interrupted calls...
        var server = sim.Server(setUp: s => s.Use(new HallModule(s)));
        var people = sim.Clients(server, 20);

        for (int i = 0; i < 50; i++)
        {
            people[i % 20].Send(new Shout($"line {i}"));
            sim.Advance(TimeSpan.FromMilliseconds(20));
        }

        sim.AdvanceUntil(() => people.All(person => person.CountReceived<Shout>() == 50), within: TimeSpan.FromSeconds(10));
        var heard = people[0].Received<Shout>();
        foreach (var person in people)
        {
            Assert.That(person.Received<Shout>(), Is.EqualTo(heard));   // loss delays; it never reorders a stream
        }

        Census census = sim.Run(people[7].RequestAsync(new CountShouts()));
        Assert.That(census, Is.EqualTo(new Census(Sessions: 20, Shouts: 50)));
    }

    [Test]
    public void Field_ThousandPlayers_ASnapshotEachTick()
    {
        using var sim = new NetSimulation(seed: 7) { Link = LinkConditions.Lossy(0.01, TimeSpan.FromMilliseconds(40)) };
        var server = sim.Server(o => o.TickRate = 20, s => s.Use(new FieldModule(s)));
        var players = sim.Clients(server, 1000);

        using (sim.Repeat(TimeSpan.FromMilliseconds(100), () => players[0].Send(new Step(1))))
        {
            foreach (var player in players)
            {
                player.Send(new Step(1));
            }

            sim.AdvanceTicks(server, 20);
        }

        sim.Advance(TimeSpan.FromSeconds(1));                           // lost segments are sent again
        FieldSnapshot last = players[999].Received<FieldSnapshot>()[^1];
        Assert.That(last.Players, Is.EqualTo(1000));
        Assert.That(last.Steps, Is.InRange(1000 + 8, 1000 + 10));
        Assert.That(players.Min(player => player.CountReceived<FieldSnapshot>()), Is.GreaterThan(20));
        Assert.That(server.GetStatistics().TicksSkipped, Is.Zero);
    }

    [Test]
    public void FlakyLink_TunnelTimeOutSlowConsumer()
    {
        using var sim = new NetSimulation(seed: 3) { Link = new LinkConditions(Latency: TimeSpan.FromMilliseconds(25)) };
        var left = new List<CloseReason>();
        var server = sim.Server(
            o => o.ListenTcp("0.0.0.0", 7777, l => l.IdleTimeout = TimeSpan.FromSeconds(8)),
            s =>
            {
                s.Use(new HallModule(s));
                s.OnClosed((session, info) => left.Add(info.Reason));
            });
        var bob = sim.Client(server, o => o.PingInterval = TimeSpan.FromSeconds(2));

        // A tunnel of three seconds: TCP sends again, and the only effect is a delay.
        bob.CutLink();
        bob.Send(new Shout("from the tunnel"));
        sim.Advance(TimeSpan.FromSeconds(3));
        Assert.That(bob.Received<Shout>(), Is.Empty);
        bob.HealLink();
        sim.Advance(TimeSpan.FromSeconds(1));
        Assert.That(bob.Received<Shout>().Single().Text, Is.EqualTo("from the tunnel"));

        // A longer one: the server gives up, and the client comes back with a new session.
        ulong before = bob.Session.Id;
        bob.CutLink();
        sim.AdvanceUntil(() => left.Count == 1);
        Assert.That(left[0], Is.EqualTo(CloseReason.Idle));
        bob.HealLink();
        bob.Reconnect();
        Assert.That(bob.Session.Id, Is.Not.EqualTo(before));

        // A client that does not read loses its own session; other sessions are not affected.
        var ana = sim.Client(server);
        bob.StopReading();
        using (sim.Repeat(TimeSpan.FromMilliseconds(10), () => server.Broadcast(new Shout(new string('x', 8000)))))
        {
            sim.AdvanceUntil(() => left.Count == 2);
        }

        Assert.That(left[1], Is.EqualTo(CloseReason.SlowConsumer));
        Assert.That(ana.IsOpen);
    }
}

[NetMessage(84)]
public readonly partial record struct Step([property: Key(0)] int Distance);

[NetMessage(85)]
public readonly partial record struct FieldSnapshot([property: Key(0)] long Tick, [property: Key(1)] int Players, [property: Key(2)] int Steps);

/// <summary>Everybody walks, and sees a snapshot each tick.</summary>
public sealed class FieldModule(NetServer server) : IHandlerModule
{
    private readonly Dictionary<Session, int> _positions = [];

    public void Register(HandlerTable handlers)
    {
        handlers.OnOpened(session => _positions.Add(session, 0));
        handlers.On<Step>((session, step) => _positions[session] += step.Distance);
        handlers.OnClosed((session, info) => _positions.Remove(session));
        server.OnTick(tick => server.Broadcast(new FieldSnapshot(tick.Number, _positions.Count, _positions.Values.Sum())));
    }
}
