using System.Collections.Concurrent;
using System.Net.Sockets;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Relay;
using NetLoop.Tests.Generators;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Relay;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LossyRelayTests
{
    private static readonly NetEndpoint AnyPort = NetEndpoint.Udp("127.0.0.1", 0);

    [Test]
    public async Task Sessions_ThroughLossAndCopies_LoseAndRepeatNothingReliable()
    {
        await using NetServer server = TestHost.CreateServer(o => o.ListenUdp("127.0.0.1", 0));
        server.OnRequest<Divide, Quotient>((_, divide) => new Quotient(divide.Value / divide.By));
        var orders = new ConcurrentDictionary<ulong, List<int>>();
        server.On<Position>((session, position) => orders.GetOrAdd(session.Id, _ => []).Add(position.Tick));
        server.Start();
        NetEndpoint udp = server.Endpoints.Single();
        var bad = new NetworkConditions { Loss = 0.25, Duplication = 0.25, Reordering = 0.1, Jitter = TimeSpan.FromMilliseconds(2) };
        await using LossyRelay relay = await LossyRelay.StartAsync(AnyPort, udp, bad, bad, seed: 1);
        await using EventLoop loop = EventLoop.Start();
        NetClient[] clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => NetClient.ConnectAsync(relay.Endpoint, o =>
        {
            o.Loop = loop;
            o.Udp.TokenEndpoint = udp.AsTcp();
        }))).WaitAsync(TestHost.Patience);
        Assert.That(clients.Select(client => client.Session.Remote), Has.All.EqualTo(relay.Endpoint));
        Assert.That(server.Sessions.Select(session => session.Remote.Port), Is.Unique, "each client has its own socket");
        foreach (NetClient client in clients)
        {
            for (int tick = 1; tick <= 50; tick++)
            {
                Assert.That(client.Send(new Position(1, tick), Delivery.ReliableOrdered), Is.EqualTo(SendStatus.Sent));
            }
        }

        Quotient[] quotients = await Task.WhenAll(clients.Select((client, i) => client.RequestAsync<Divide, Quotient>(new Divide(i * 3, 3))))
            .WaitAsync(TestHost.Patience);

        Assert.That(quotients.Select(quotient => quotient.Value), Is.EqualTo(Enumerable.Range(0, 20)));
        Assert.That(orders.Values, Has.Count.EqualTo(20).And.All.EqualTo(Enumerable.Range(1, 50)));
        Assert.That(relay.Clients, Is.EqualTo(20));
        Assert.That(relay.ToServerCounters.Lost, Is.Positive);
        Assert.That(relay.ToClientCounters.Duplicated, Is.Positive);
        Assert.That(server.GetStatistics().Datagrams.RejectedByReason[PacketRejection.Replayed], Is.Positive);
        foreach (NetClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Test]
    public async Task Datagrams_OfSeveralClients_ComeBackToTheirOwn()
    {
        using var server = new UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        NetEndpoint target = NetEndpoint.Udp("127.0.0.1", ((System.Net.IPEndPoint)server.Client.LocalEndPoint!).Port);
        await using LossyRelay relay = await LossyRelay.StartAsync(AnyPort, target, NetworkConditions.Perfect, NetworkConditions.Perfect, seed: 1);
        UdpClient[] clients = [.. Enumerable.Range(0, 5).Select(_ => new UdpClient("127.0.0.1", relay.Endpoint.Port))];
        for (byte i = 0; i < clients.Length; i++)
        {
            await clients[i].SendAsync(new byte[] { i, 1, 2 });
        }

        for (int i = 0; i < clients.Length; i++)
        {
            UdpReceiveResult received = await server.ReceiveAsync().WaitAsync(TestHost.Patience);
            await server.SendAsync(new byte[] { received.Buffer[0], 9 }, received.RemoteEndPoint);
        }

        for (byte i = 0; i < clients.Length; i++)
        {
            Assert.That((await clients[i].ReceiveAsync().WaitAsync(TestHost.Patience)).Buffer, Is.EqualTo(new byte[] { i, 9 }));
            clients[i].Dispose();
        }

        Assert.That((relay.ToServerCounters.Received, relay.ToServerCounters.Forwarded), Is.EqualTo((5, 5)));
        Assert.That(relay.ToClientCounters.Failed + relay.ToServerCounters.Failed + relay.ClientsRejected, Is.Zero);
    }

    [Test]
    public async Task Datagrams_OnALongWay_AreHeldAndFreedAtTheEnd()
    {
        using var server = new UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        NetEndpoint target = NetEndpoint.Udp("127.0.0.1", ((System.Net.IPEndPoint)server.Client.LocalEndPoint!).Port);
        var slow = new NetworkConditions { Latency = TimeSpan.FromHours(1) };
        LossyRelay relay = await LossyRelay.StartAsync(AnyPort, target, slow, slow, seed: 1);
        using var client = new UdpClient("127.0.0.1", relay.Endpoint.Port);
        for (int i = 0; i < 10; i++)
        {
            await client.SendAsync(new byte[1_000]);
        }

        using var deadline = new CancellationTokenSource(TestHost.Patience);
        using var step = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (relay.HeldBytes < 10_000)
        {
            await step.WaitForNextTickAsync(deadline.Token);
        }

        await relay.DisposeAsync();

        Assert.That(relay.LoopStatistics.Buffers.RentedLeases, Is.Zero);
        Assert.That(relay.ToServerCounters.Forwarded, Is.Zero);
    }

    [Test]
    public async Task StartAsync_PortIsTaken_SaysSo()
    {
        await using LossyRelay first = await LossyRelay.StartAsync(AnyPort, NetEndpoint.Udp("127.0.0.1", 9), new(), new(), seed: 1);
        MistakeException taken = Assert.ThrowsAsync<MistakeException>(
            async () => await LossyRelay.StartAsync(first.Endpoint, NetEndpoint.Udp("127.0.0.1", 9), new(), new(), seed: 1))!;
        Assert.That(taken.Message, Does.Contain($"{first.Endpoint.Port}"));
    }
}
