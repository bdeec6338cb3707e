using NetLoop.Hosting.Server;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>A server of two loops, used by other threads while clients come and go.</summary>
internal static class ServerScenarios
{
    [Scenario]
    public static void Server_SessionsOnTwoLoops_HaveIdsOfTheirOwn() =>
        Run(unix: false, HandlerMode.Loop, clients: 3, during: null);

    [Scenario]
    public static void Server_HandsConnectionsOver_LosesNone() =>
        Run(unix: true, HandlerMode.Loop, clients: 3, during: null);

    [Scenario]
    public static void Server_StopsWhileConnectionsAreHandedOver_LeavesNoneOpen()
    {
        NetServer server = Create(unix: true, HandlerMode.Loop, out MemoryNetwork network);
        server.Start();
        Expect.AllEnd(
            () => network.Dial(),
            () => network.Dial(),
            () => Stop(server));
        CheckEnd(server);
        Expect.That(network.OpenSockets == 2, $"{network.OpenSockets - 2} sockets of the server are open");
    }

    /// <summary>Every session that was open before a broadcast gets it once, whatever its loop.</summary>
    [Scenario]
    public static void Group_JoinedAndBroadcastToFromOtherThreads_ReachesItsMembersOnce()
    {
        NetServer server = Create(unix: false, HandlerMode.Loop, out MemoryNetwork network);
        SessionGroup group = server.CreateGroup();
        var opened = new Signal();
        server.OnOpened(session =>
        {
            group.Add(session);
            opened.Set();
        });
        server.Start();
        MemorySocket[] clients = [network.Dial(), network.Dial()];
        while (opened.Count < 2)
        {
            opened.Wait();
        }

        Expect.AllEnd(
            () => group.Broadcast(new Number(1)),
            () => group.Broadcast(new Number(2)));
        Expect.That(group.Count == 2, $"{group.Count} of 2 are members");
        Stop(server);
        foreach (MemorySocket client in clients)
        {
            byte[] received = client.ReceiveOrWait();
            Expect.That(Count(received, 1) == 1 && Count(received, 2) == 1, Convert.ToHexString(received));
        }

        CheckEnd(server);
    }

    [Scenario]
    public static void Session_ClosedByBothSidesAndAThread_EndsOnce()
    {
        int closed = 0;
        NetServer server = Create(unix: false, HandlerMode.Dedicated, out MemoryNetwork network);
        Session? session = null;
        var opened = new Signal();
        server.OnOpened(one =>
        {
            session = one;
            opened.Set();
        });
        server.OnClosed((_, _) => Interlocked.Increment(ref closed));
        server.Start();
        MemorySocket client = network.Dial();
        opened.Wait();
        Expect.AllEnd(
            () => session!.Close(),
            () => network.Close(client.Handle, reset: false),
            () => session!.Send(new Number(3)));
        Stop(server);
        Expect.That(closed == 1, $"closed {closed} times");
        CheckEnd(server);
        Expect.That(network.OpenSockets == 0, "a socket is open");
    }

    private static void Run(bool unix, HandlerMode handlers, int clients, Action<Session>? during)
    {
        NetServer server = Create(unix, handlers, out MemoryNetwork network);
        var ids = new List<ulong>();
        var opened = new Signal();
        int closed = 0;
        server.OnOpened(session =>
        {
            lock (ids)
            {
                ids.Add(session.Id);
            }

            during?.Invoke(session);
            opened.Set();
        });
        server.OnClosed((_, _) => Interlocked.Increment(ref closed));
        server.Start();
        for (int i = 0; i < clients; i++)
        {
            network.Dial();
        }

        while (opened.Count < clients)
        {
            opened.Wait();
        }

        Stop(server);
        Expect.That(ids.Distinct().Count() == clients, "session ids: " + string.Join(", ", ids));
        Expect.That(closed == clients, $"{closed} of {clients} sessions closed");
        CheckEnd(server);
    }

    private static int Count(byte[] received, byte value)
    {
        // The length, then [2, 70, [value]].
        int count = 0;
        for (int i = 0; i + 4 < received.Length; i++)
        {
            count += received[i] == 0x93 && received[i + 1] == 2 && received[i + 2] == 70 && received[i + 4] == value ? 1 : 0;
        }

        return count;
    }

    private static NetServer Create(bool unix, HandlerMode handlers, out MemoryNetwork network)
    {
        var memory = new MemoryNetwork();
        network = memory;
        return NetServer.Create(options =>
        {
            Engine.Configure(options, memory, handlers);
            options.Loops = 2;
            options.MaxConnections = 100;
            options.Listen(unix ? NetEndpoint.Unix("/scenario") : NetEndpoint.Tcp("127.0.0.1", 7777), listener => listener.Hello = HelloMode.None);
        });
    }

    private static void Stop(NetServer server)
    {
        _ = server.StopAsync();
        foreach (ServerLoop loop in server.Loops)
        {
            Ending.Await(loop.Loop.Completion);
        }
    }

    private static void CheckEnd(NetServer server)
    {
        Expect.That(server.Loops.All(loop => loop.Loop.Completion.IsCompletedSuccessfully), "a loop failed");
        LoopStatistics statistics = server.GetStatistics();
        Expect.That(statistics.Sessions == 0 && statistics.Connections == 0, $"{statistics.Sessions} sessions, {statistics.Connections} connections are left");
        Expect.That(statistics.Buffers.RentedLeases == 0, $"{statistics.Buffers.RentedLeases} leases are out");
        Expect.That(server.Loops.All(loop => loop.Core.Transport.Timers.Count == 0), "timers are left");
    }
}
