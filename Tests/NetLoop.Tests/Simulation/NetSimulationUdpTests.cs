using NetLoop.Tests.Generators;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation;

/// <summary>Servers and clients on UDP over simulated networks: whole sessions under loss, in virtual time.</summary>
[Parallelizable]
public sealed class NetSimulationUdpTests
{
    private static readonly LinkConditions Bad = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(30), Loss: 0.25) { Duplication = 0.25 };

    [TestCase(1u)]
    [TestCase(2u)]
    [TestCase(3u)]
    public void Session_OverALinkThatLosesAQuarter_GetsEveryReliableMessageOnceAndInOrder(uint seed)
    {
        using var sim = new NetSimulation(seed) { Link = Bad };
        var said = new List<string>();
        NetServer server = sim.Server(
            o => o.ListenUdp("0.0.0.0", 7777),
            s =>
            {
                s.On<Say>((session, say) =>
                {
                    said.Add(say.Text);
                    session.Send(say);
                });
                s.OnRequest<Divide, Quotient>((_, divide) => new Quotient(divide.Value / divide.By));
            });
        SimulatedClient client = sim.Client(server);
        for (int i = 0; i < 500; i++)
        {
            client.Send(new Say($"{i}"));
            if (i % 10 == 0)
            {
                sim.Advance(TimeSpan.FromMilliseconds(20));
            }
        }

        Assert.That(sim.Run(client.RequestAsync<Divide, Quotient>(new Divide(6, 3))), Is.EqualTo(new Quotient(2)));
        string[] expected = [.. Enumerable.Range(0, 500).Select(i => $"{i}")];
        Assert.That(said, Is.EqualTo(expected));
        sim.Advance(TimeSpan.FromSeconds(20));
        Assert.That(client.Received<Say>().Select(say => say.Text), Is.EqualTo(expected));
    }

    [Test]
    public void Sequenced_OverABadLink_NeverGoesBack()
    {
        using var sim = new NetSimulation(seed: 7) { Link = Bad };
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777));
        SimulatedClient client = sim.Client(server);
        for (int tick = 1; tick <= 500; tick++)
        {
            server.Broadcast(new Position(1, tick));
            sim.Advance(TimeSpan.FromMilliseconds(20));
        }

        sim.Advance(TimeSpan.FromSeconds(2));
        int[] ticks = [.. client.Received<Position>().Select(position => position.Tick)];
        Assert.That(ticks, Is.Ordered.Ascending.And.Unique);
        Assert.That(ticks, Has.Length.InRange(100, 450));
    }

    [Test]
    public void Client_LinkIsCut_BothSidesTimeOut()
    {
        using var sim = new NetSimulation(seed: 5);
        var closed = new List<CloseInfo>();
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777), s => s.OnClosed((_, info) => closed.Add(info)));
        SimulatedClient client = sim.Client(server);
        client.CutLink();
        sim.Advance(TimeSpan.FromSeconds(9));
        Assert.That(closed, Is.Empty);
        sim.Advance(TimeSpan.FromSeconds(3));
        Assert.That(closed.Single(), Is.EqualTo(new CloseInfo(CloseReason.TransportError, "TimedOut", ByPeer: false)));
        Assert.That(client.IsOpen, Is.False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Reconnect_AddressChanges_ComesBackWithinASecondWithANewToken(bool changesHost)
    {
        using var sim = new NetSimulation(seed: 8) { Link = new LinkConditions(TimeSpan.FromMilliseconds(30), TimeSpan.Zero) };
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777, l => l.Udp.Timeout = TimeSpan.FromHours(1)));
        var closed = new List<CloseInfo>();
        SimulatedClient client = sim.Client(server, o =>
        {
            o.Handlers = new HandlerTable().OnClosed((_, info) => closed.Add(info));
            o.Reconnect = new ReconnectOptions();
        });
        client.ChangeAddress(); // Behind a router from now on.
        sim.AdvanceUntil(() => closed.Count == 1 && client.IsOpen);
        closed.Clear();
        for (int i = 0; i < 3; i++)
        {
            Session former = client.Session;
            sim.Advance(TimeSpan.FromSeconds(6));
            Assert.That(client.Session, Is.SameAs(former), "a healthy path is left alone");
            client.ChangeAddress(changesHost);
            sim.AdvanceUntil(() => client.Session != former && client.IsOpen, TimeSpan.FromSeconds(1.3));
            Assert.That(former.Status, Is.EqualTo(SessionStatus.Closed));
        }

        Assert.That(closed.Select(info => info.Reason), Is.EqualTo(Enumerable.Repeat(CloseReason.TransportError, 3)));
        Assert.That(closed[0].Text, Does.Contain("the server gives new tokens"));
    }

    [Test]
    public void Reconnect_NetworkIsGoneForAWhile_SessionStaysOpen()
    {
        using var sim = new NetSimulation(seed: 9) { Link = new LinkConditions(TimeSpan.FromMilliseconds(30), TimeSpan.Zero) };
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777), s => s.On<Say>((session, say) => session.Send(say)));
        SimulatedClient client = sim.Client(server, o => o.Reconnect = new ReconnectOptions());
        Session session = client.Session;
        client.CutLink();
        sim.Advance(TimeSpan.FromSeconds(4));
        client.HealLink();
        sim.Advance(TimeSpan.FromSeconds(10));
        client.Send(new Say("still here"));
        sim.Advance(TimeSpan.FromSeconds(1));
        Assert.That((client.Session, client.IsOpen), Is.EqualTo((session, true)));
        Assert.That(client.Received<Say>().Single().Text, Is.EqualTo("still here"));
    }

    [Test]
    public void Reconnect_ServerPauses_ClientsComeBackToTheirSessions()
    {
        using var sim = new NetSimulation(seed: 10);
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777));
        SimulatedClient[] clients = [.. Enumerable.Range(0, 10).Select(_ => sim.Client(server, o => o.Reconnect = new ReconnectOptions()))];
        Session[] sessions = [.. clients.Select(client => client.Session)];
        sim.Pause(server, TimeSpan.FromSeconds(3));
        sim.Advance(TimeSpan.FromSeconds(10));
        Assert.That(clients.Select(client => client.Session), Is.EqualTo(sessions));
        Assert.That(clients, Has.All.Property(nameof(SimulatedClient.IsOpen)).True);
        Assert.That(server.Sessions, Has.Count.EqualTo(10));
    }

    [Test]
    public void Session_IdleForAMinute_StaysOpen()
    {
        using var sim = new NetSimulation(seed: 6) { Link = Bad };
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777));
        SimulatedClient client = sim.Client(server);
        sim.Advance(TimeSpan.FromMinutes(1));
        Assert.That(client.IsOpen, Is.True);
    }

    /// <summary>A path that drops long packets and says nothing, from the beginning, or after five seconds.</summary>
    [TestCase(1_280, 5)]
    [TestCase(1_300, 0)]
    public void Path_DropsLongPackets_TheSessionGoesOn(int bytes, int seconds)
    {
        var fine = new LinkConditions(TimeSpan.FromMilliseconds(20));
        LinkConditions narrow = fine with { DroppedPacketBytes = bytes };
        using var sim = new NetSimulation(seed: 3);
        var said = new List<int>();
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777), s => s.On<Say>((_, say) => said.Add(say.Text.Length)));
        SimulatedClient client = sim.Client(server, link: seconds == 0 ? narrow : fine);
        for (int i = 0; i < 150; i++)
        {
            client.Send(new Say(new string('x', 5_000 + i)));
            sim.Advance(TimeSpan.FromMilliseconds(100));
            if (i * 100 == seconds * 1_000)
            {
                client.Link = narrow;
            }
        }

        sim.Advance(TimeSpan.FromSeconds(20));
        Assert.That(said, Is.EqualTo(Enumerable.Range(5_000, 150)));
        Assert.That(client.IsOpen);
    }

    /// <summary>What a server sends when a session opens may overtake its Welcome.</summary>
    [Test]
    public void Opened_ServerSendsAtOnceOverAPathThatReorders_NothingIsLostOrTooEarly()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            using var sim = new NetSimulation(seed)
            {
                Link = new LinkConditions(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), Loss: 0.1) { Reordering = 0.5 },
            };
            NetServer server = sim.Server(
                o => o.ListenUdp("0.0.0.0", 7777),
                s => s.OnOpened(session =>
                {
                    session.Send(new Position(1, 1));
                    session.Send(new Say("a"));
                    session.Send(new Say("b"), Delivery.ReliableUnordered);
                }));
            SimulatedClient client = sim.Client(server);
            sim.Advance(TimeSpan.FromSeconds(5));
            Assert.That(client.IsOpen, $"seed {seed}: {client}");
            Assert.That(client.Received<Say>().Select(static say => say.Text).Order(), Is.EqualTo(new[] { "a", "b" }), $"seed {seed}");
        }
    }

    /// <summary>A machine is suspended for longer than every timeout, with the server and its clients.</summary>
    [Test]
    public void Machine_IsSuspendedForTwiceTheTimeout_NobodyTimesOut()
    {
        using var sim = new NetSimulation(seed: 9) { Link = Bad };
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777), s => s.On<Say>((session, say) => session.Send(say)));
        IReadOnlyList<SimulatedClient> clients = sim.Clients(server, 5);
        for (int i = 0; i < 5; i++)
        {
            sim.Advance(TimeSpan.FromMilliseconds(330));
            sim.Pause(server, TimeSpan.FromSeconds(20));
            foreach (SimulatedClient client in clients)
            {
                client.Send(new Say($"{i}"));
                client.Pause(TimeSpan.FromSeconds(20));
            }

            sim.Advance(TimeSpan.FromSeconds(25));
        }

        sim.Advance(TimeSpan.FromSeconds(5));
        foreach (SimulatedClient client in clients)
        {
            Assert.That(client.IsOpen, $"{client}");
            Assert.That(client.Received<Say>().Select(static say => say.Text), Is.EqualTo(new[] { "0", "1", "2", "3", "4" }));
        }
    }

    /// <summary>A server that stalls for half of the timeout reads what has come meanwhile before it looks at its clocks.</summary>
    [Test]
    public void Server_StallsBelowTheTimeout_ReadsWhatHasComeFirst()
    {
        using var sim = new NetSimulation(seed: 10) { Link = Bad };
        var closed = new List<CloseInfo>();
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777), s => s.OnClosed((_, info) => closed.Add(info)));
        sim.Clients(server, 5);
        for (int i = 0; i < 5; i++)
        {
            sim.Pause(server, TimeSpan.FromSeconds(5));
            sim.Advance(TimeSpan.FromSeconds(12));
        }

        Assert.That(closed, Is.Empty);
    }

    /// <summary>A NAT that gives the client another port every 300 ms while it sends.</summary>
    [Test]
    public void Nat_RebindsDuringATransfer_TheClientComesBackAndItsFormerSessionsEnd()
    {
        using var sim = new NetSimulation(seed: 12) { Link = new LinkConditions(TimeSpan.FromMilliseconds(20)) };
        NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777), s => s.On<Say>((session, say) => session.Send(say)));
        SimulatedClient client = sim.Client(server, o => o.Reconnect = new ReconnectOptions());
        for (int i = 0; i < 20; i++)
        {
            client.Send(new Say($"{i}"));
            sim.Advance(TimeSpan.FromMilliseconds(300));
            client.ChangeAddress(changesHost: i % 3 == 0);
        }

        sim.AdvanceUntil(() => client.IsOpen, TimeSpan.FromSeconds(30));
        sim.Advance(TimeSpan.FromSeconds(15));
        Assert.That(client.IsOpen);
        Assert.That(server.Sessions, Has.Count.EqualTo(1));
        client.ClearReceived();
        client.Send(new Say("still here"));
        sim.Advance(TimeSpan.FromSeconds(1));
        Assert.That(client.Received<Say>().Single().Text, Is.EqualTo("still here"));
    }

    [Test]
    public void OutsideOfASimulation_KeysAndTokens_AreTheSystemsRandomness()
    {
        Assert.That(new NetServerOptions().Entropy, Is.InstanceOf<NetLoop.Stack.SystemEntropy>());
        var key = ConnectTokenKey.Create();
        Assert.That(ConnectTokenKey.Create().Export(), Is.Not.EqualTo(key.Export()));
        ConnectToken[] tokens = [.. Enumerable.Range(0, 2).Select(_ => ConnectToken.Create(key, [NetEndpoint.Udp("127.0.0.1", 1)], clientId: 1))];
        Assert.That(tokens[0].Bytes.ToArray(), Is.Not.EqualTo(tokens[1].Bytes.ToArray()));
    }

    /// <summary>Every packet is the same: its key, its number, and when it is sent.</summary>
    [Test]
    public void SameSeed_SameRun()
    {
        Assert.That(Run(), Is.EqualTo(Run()));

        static string Run()
        {
            using var sim = new NetSimulation(seed: 11) { Link = Bad };
            NetServer server = sim.Server(o => o.ListenUdp("0.0.0.0", 7777), s => s.On<Say>((session, say) => session.Send(say)));
            SimulatedClient client = sim.Client(server);
            for (int i = 0; i < 50; i++)
            {
                client.Send(new Say($"{i}"));
                sim.Advance(TimeSpan.FromMilliseconds(30));
            }

            sim.Advance(TimeSpan.FromSeconds(5));
            ConnectToken token = server.CreateConnectToken(5, [1, 2]);
            return $"{sim.Simulator.Network.Trace.Hash:x} {Convert.ToHexString(token.Bytes.Span)} "
                + string.Join(",", client.Received<Say>().Select(say => say.Text));
        }
    }
}
