using System.Collections.Concurrent;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>A server with several loops: on which thread code runs, what crosses between loops, and how the server ends.</summary>
[Platform("Linux")]
[TestFixture(HandlerMode.Loop)]
[TestFixture(HandlerMode.Dedicated)]
public sealed class SeveralLoopsTests(HandlerMode handlers)
{
    // The kernel chooses the listener by a hash of the client's address: the chance that 40 clients all get the same one of two is 1 in 2^39.
    private const int Clients = 40;

    [Test]
    public async Task Start_ManyClients_AllLoopsServeAndEachSessionStaysOnOneThread()
    {
        var threads = new ConcurrentDictionary<ulong, ConcurrentDictionary<int, bool>>();
        NetServer server = CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        server.On<Say>((session, in say) =>
        {
            threads.GetOrAdd(session.Id, _ => new()).TryAdd(Environment.CurrentManagedThreadId, true);
            session.Send(say);
        });
        server.Start();
        await using EventLoop loop = EventLoop.Start();
        await RunClientsAsync(server, loop, messages: 20, ofEach: 20);
        int[] onOneThread = [.. threads.Values.Where(used => used.Count == 1).Select(used => used.Keys.Single())];
        Assert.That(onOneThread, Has.Length.EqualTo(Clients));
        Assert.That(onOneThread.Distinct().Count(), Is.EqualTo(2));
        Assert.That(server.GetStatistics().Accepts, Is.EqualTo(Clients), "statistics are the sum of the loops");
        Assert.That(server.GetStatistics().BodiesIn, Is.GreaterThanOrEqualTo(Clients * 20));
        await TestHost.StopAndCheckAsync(server);
        CheckLoops(server);
    }

    [Test]
    public async Task ListenUnix_ManyClients_OneLoopAcceptsAndAllServeInTurn()
    {
        string path = Path.Combine(Path.GetTempPath(), $"netloop-loops-{Guid.NewGuid():N}.sock");
        NetServer server = CreateServer(o => o.ListenUnix(path));
        server.On<Say>((session, in say) => session.Send(say));
        server.Start();
        await using EventLoop loop = EventLoop.Start();
        await RunClientsAsync(server, loop, messages: 5, ofEach: 5, whileOpen: () =>
            Assert.That(server.Loops.Select(one => one.Core.Transport.ConnectionCount), Is.EqualTo(new[] { Clients / 2, Clients / 2 })));
        await TestHost.StopAndCheckAsync(server);
        CheckLoops(server);
    }

    [Test]
    public async Task ListenUdp_ManyClients_AllLoopsServeAndEachSessionStaysOnOneThread()
    {
        var threads = new ConcurrentDictionary<ulong, ConcurrentDictionary<int, bool>>();
        NetServer server = CreateServer(o => o.ListenUdp("127.0.0.1", 0));
        server.On<Say>((session, in say) =>
        {
            threads.GetOrAdd(session.Id, _ => new()).TryAdd(Environment.CurrentManagedThreadId, true);
            session.Send(say);
        });
        server.Start();
        await using EventLoop loop = EventLoop.Start();
        await RunClientsAsync(server, loop, messages: 20, ofEach: 20);
        int[] onOneThread = [.. threads.Values.Where(used => used.Count == 1).Select(used => used.Keys.Single())];
        Assert.That(onOneThread, Has.Length.EqualTo(Clients));
        Assert.That(onOneThread.Distinct().Count(), Is.EqualTo(2));
        await TestHost.StopAndCheckAsync(server);
        CheckLoops(server);
    }

    [Test]
    public async Task ListenUdp_ClientThatConnectsAgainFromOtherPorts_HasOneSession()
    {
        NetServer server = CreateServer(o => o.ListenUdp("127.0.0.1", 0));
        using var replaced = new CountdownEvent(Clients - 1);
        server.OnClosed((_, info) =>
        {
            if (info.Reason == CloseReason.Replaced)
            {
                replaced.Signal();
            }
        });
        server.Start();
        await using EventLoop loop = EventLoop.Start();
        var clients = new List<NetClient>();
        for (int i = 0; i < Clients; i++)
        {
            ConnectToken token = server.CreateConnectToken(clientId: 7);
            clients.Add(await TestHost.ConnectAsync(server, o =>
            {
                o.Loop = loop;
                o.Udp.Token = token;
            }));
        }

        Assert.That(await Task.Run(() => replaced.Wait(TestHost.Patience)), Is.True, $"{replaced.CurrentCount} sessions not replaced");
        Assert.That(server.Sessions, Has.Count.EqualTo(1));
        await DisposeAllAsync(clients);
        await TestHost.StopAndCheckAsync(server);
        CheckLoops(server);
    }

    [Test]
    public async Task Start_UdpPortThatAnotherServerOfSeveralLoopsHolds_IsRejected()
    {
        NetServer first = CreateServer(o => o.ListenUdp("127.0.0.1", 0, l => l.Udp.GivesTokens = false));
        first.Start();
        await using NetServer second = CreateServer(o => o.ListenUdp("127.0.0.1", first.Endpoints[0].Port, l => l.Udp.GivesTokens = false));
        Assert.That(second.Start, Throws.TypeOf<NetListenException>());
        await TestHost.StopAndCheckAsync(first);
    }

    [Test]
    public async Task Broadcast_FromEveryThread_ReachesAllInTheOrderOfItsSender()
    {
        NetServer server = CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        server.On<Numbered>((_, in message) => server.Broadcast(message));
        server.Start();
        await using EventLoop loop = EventLoop.Start();
        var received = new ConcurrentDictionary<(NetClient Client, int Sender), List<int>>();
        using var all = new CountdownEvent(Clients * (Clients + 1) * 10);
        NetClient[] clients = await ConnectAsync(server, loop, (client, message) =>
        {
            received.GetOrAdd((client, message.Number / 1000), _ => []).Add(message.Number % 1000);
            all.Signal();
        });
        for (int number = 0; number < 10; number++)
        {
            for (int sender = 0; sender < clients.Length; sender++)
            {
                clients[sender].Send(new Numbered((sender * 1000) + number, []));
            }

            server.Broadcast(new Numbered((Clients * 1000) + number, [])); // From a thread that runs no loop.
        }

        Assert.That(await Task.Run(() => all.Wait(TestHost.Patience)), Is.True, $"{all.CurrentCount} messages missing");
        Assert.That(received, Has.Count.EqualTo(Clients * (Clients + 1)));
        Assert.That(received.Values, Has.All.EqualTo(Enumerable.Range(0, 10)));
        await DisposeAllAsync(clients);
        await TestHost.StopAndCheckAsync(server);
        CheckLoops(server);
    }

    [Test]
    public async Task Broadcast_LoopsThatWaitForEachOthersFullOutbox_GoOn()
    {
        const int Rounds = 200;
        NetServer server = CreateServer(o =>
        {
            o.MaxQueuedCommands = 1;
            o.ListenTcp("127.0.0.1", 0, l => l.MaxSendQueueMessages = 100_000);
        });
        int posted = 0;
        server.On<Say>((_, in say) =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                server.Broadcast(new Numbered(i, []));
            }

            server.Post(() => Interlocked.Increment(ref posted));
        });
        server.Start();
        await using EventLoop loop = EventLoop.Start();
        using var all = new CountdownEvent(Clients * Clients * Rounds);
        NetClient[] clients = await ConnectAsync(server, loop, (_, _) => all.Signal());
        foreach (NetClient client in clients)
        {
            client.Send(new Say("now"));
        }

        Assert.That(await Task.Run(() => all.Wait(TestHost.Patience)), Is.True, $"{all.CurrentCount} messages missing");
        Assert.That(() => Volatile.Read(ref posted), Is.EqualTo(Clients).After(10_000, 10));
        await DisposeAllAsync(clients);
        await TestHost.StopAndCheckAsync(server);
        CheckLoops(server);
    }

    [Test]
    public async Task Start_PortThatAnotherServerOfSeveralLoopsHolds_IsRejected()
    {
        NetServer first = CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        first.Start();
        await using NetServer second = CreateServer(o => o.ListenTcp("127.0.0.1", first.Endpoints[0].Port));
        Assert.That(second.Start, Throws.TypeOf<NetListenException>());
        await TestHost.StopAndCheckAsync(first);
    }

    [Test]
    public async Task MaxConnections_ClientsOnAllLoops_HoldsForTheServer()
    {
        NetServer server = CreateServer(o =>
        {
            o.MaxConnections = 8;
            o.ListenTcp("127.0.0.1", 0);
        });
        server.Start();
        await using EventLoop loop = EventLoop.Start();
        var clients = new List<NetClient>();
        for (int i = 0; i < 8; i++)
        {
            clients.Add(await TestHost.ConnectAsync(server, o => o.Loop = loop));
        }

        var refusal = Assert.ThrowsAsync<NetConnectException>(() => TestHost.ConnectAsync(server, o => o.Loop = loop));
        Assert.That(refusal!.Message, Does.Contain("full"));
        await DisposeAllAsync(clients);
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task Completion_OneLoopFails_EndsTheOthersAndFaults()
    {
        NetServer server = CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        server.Start();
        await using EventLoop loop = EventLoop.Start();
        NetClient[] clients = await ConnectAsync(server, loop, (_, _) => { });
        server.Loops[1].Loop.Post(() => throw new InvariantViolationException("a test"));
        Assert.That(async () => await server.Completion.WaitAsync(TestHost.Patience), Throws.TypeOf<InvariantViolationException>());
        foreach (NetClient client in clients)
        {
            await client.Closed.WaitAsync(TestHost.Patience);
        }

        await DisposeAllAsync(clients);
    }

    [Test]
    public void Create_StackWhoseSocketsCannotBeShared_SaysWhatToDo()
    {
        var refusal = Assert.Throws<PlatformNotSupportedException>(() => CreateServer(o => o.Poller = PollerKind.Select));
        Assert.That(refusal!.Message, Does.Contain("Loops is 2").And.Contain("set it to 1"));
    }

    private NetServer CreateServer(Action<NetServerOptions> configure) =>
        TestHost.CreateServer(o =>
        {
            o.Loops = 2;
            o.HandlerMode = handlers;
            configure(o);
        });

    private static async Task RunClientsAsync(NetServer server, EventLoop loop, int messages, int ofEach, Action? whileOpen = null)
    {
        using var all = new CountdownEvent(Clients * ofEach);
        var table = new HandlerTable().On<Say>((_, in _) => all.Signal());
        NetClient[] clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => TestHost.ConnectAsync(server, o =>
        {
            o.Loop = loop;
            o.Handlers = table;
        })));
        whileOpen?.Invoke();
        foreach (NetClient client in clients)
        {
            for (int i = 0; i < messages; i++)
            {
                client.Send(new Say("hello"));
            }
        }

        Assert.That(await Task.Run(() => all.Wait(TestHost.Patience)), Is.True, $"{all.CurrentCount} messages missing");
        await DisposeAllAsync(clients);
    }

    private static Task<NetClient[]> ConnectAsync(NetServer server, EventLoop loop, Action<NetClient, Numbered> received)
    {
        return Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ConnectOneAsync()));

        async Task<NetClient> ConnectOneAsync()
        {
            NetClient? client = null;
            client = await TestHost.ConnectAsync(server, o =>
            {
                o.Loop = loop;
                o.Handlers = new HandlerTable().On<Numbered>((_, in message) => received(Volatile.Read(ref client)!, message));
            });
            return client;
        }
    }

    private static async Task DisposeAllAsync(IEnumerable<NetClient> clients)
    {
        foreach (NetClient client in clients)
        {
            await client.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
        }
    }

    private static void CheckLoops(NetServer server) =>
        Assert.That(server.Loops.Sum(loop => loop.Core.Pool.Statistics.RentedLeases), Is.Zero, "leases left");
}
