namespace NetLoop.Concurrency.Scenarios;

/// <summary>A client and a server, each on its own thread, and other threads that send requests, cancel and close.</summary>
internal static class ClientScenarios
{
    [Scenario]
    public static void Request_AnsweredAndCancelledAtOnce_EndsOneWay()
    {
        using var cancellation = new CancellationTokenSource();
        NetServer server = CreateServer(HandlerMode.Loop, out MemoryNetwork network);
        server.OnRequest<Ask, Answer>((_, in ask) => new Answer(ask.Value + 1));
        server.Start();
        NetClient client = Connect(network, HandlerMode.Loop, out EventLoop loop);
        Task<Answer> answer = client.RequestAsync(new Ask(1), cancellation: cancellation.Token);
        Expect.AllEnd(
            cancellation.Cancel,
            () => Ending.Await(answer));
        Expect.That(answer.IsCanceled || Ending.Of(answer).Value == 2, "another answer");
        End(client, loop, server, network);
    }

    [Scenario]
    public static void Request_OnTwoHandlersThreads_IsAnswered()
    {
        NetServer server = CreateServer(HandlerMode.Dedicated, out MemoryNetwork network);
        server.OnRequest<Ask, Answer>((_, in ask) => new Answer(ask.Value + 1));
        server.Start();
        NetClient client = Connect(network, HandlerMode.Dedicated, out EventLoop loop);
        Task<Answer> answer = client.RequestAsync(new Ask(1));
        Expect.That(Ending.Of(answer).Value == 2, "another answer");
        End(client, loop, server, network);
    }

    /// <summary>Whichever side ends first, both tasks of the client complete, and its session is closed once.</summary>
    [Scenario]
    public static void Client_EndsWhileTheServerDoes_IsClosed()
    {
        NetServer server = CreateServer(HandlerMode.Loop, out MemoryNetwork network);
        server.Start();
        NetClient client = Connect(network, HandlerMode.Loop, out EventLoop loop);
        Expect.AllEnd(
            () => Ending.Await(client.Closed),
            () => _ = client.DisposeAsync().AsTask(),
            () => _ = server.StopAsync(),
            () => client.Send(new Number(1)));
        End(client, loop, server, network);
    }

    private static NetServer CreateServer(HandlerMode handlers, out MemoryNetwork network)
    {
        var memory = new MemoryNetwork();
        network = memory;
        return NetServer.Create(options =>
        {
            Engine.Configure(options, memory, handlers);
            options.MaxConnections = 100;
            options.Listen(NetEndpoint.Tcp("127.0.0.1", 7777));
        });
    }

    private static NetClient Connect(MemoryNetwork network, HandlerMode handlers, out EventLoop loop)
    {
        EventLoop? own = null;
        NetClient client = NetClient.Create(NetEndpoint.Tcp("127.0.0.1", 7777), options =>
        {
            Engine.Configure(options.LoopOptions, network, handlers);
            options.Loop = own = new EventLoop(options.LoopOptions);
        });
        loop = own!;
        loop.StartThread();
        loop.Post(client.Dial);
        Ending.Await(client.Opened);
        return client;
    }

    private static void End(NetClient client, EventLoop loop, NetServer server, MemoryNetwork network)
    {
        _ = client.DisposeAsync().AsTask();
        Ending.Await(client.Closed);
        _ = loop.StopAsync(TimeSpan.Zero);
        Ending.Await(loop.Completion);
        _ = server.StopAsync();
        Ending.Await(server.Completion);
        Expect.That(loop.Completion.IsCompletedSuccessfully && server.Completion.IsCompletedSuccessfully, "a loop failed");
        Expect.That(server.GetStatistics().Buffers.RentedLeases == 0 && loop.GetStatistics().Buffers.RentedLeases == 0, "leases are out");
        Expect.That(network.OpenSockets == 0, $"{network.OpenSockets} sockets are open");
    }
}
