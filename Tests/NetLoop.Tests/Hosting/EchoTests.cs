using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

[TestFixture(PollerKind.Epoll, HandlerMode.Loop, EndpointScheme.Plain)]
[TestFixture(PollerKind.Epoll, HandlerMode.Loop, EndpointScheme.WebSocket)]
[TestFixture(PollerKind.Poll, HandlerMode.Loop, EndpointScheme.Plain)]
[TestFixture(PollerKind.Select, HandlerMode.Loop, EndpointScheme.Plain)]
[TestFixture(PollerKind.Epoll, HandlerMode.Dedicated, EndpointScheme.Plain)]
[TestFixture(PollerKind.Select, HandlerMode.Dedicated, EndpointScheme.Plain)]
[TestFixture(PollerKind.Select, HandlerMode.Dedicated, EndpointScheme.WebSocket)]
[TestFixture(PollerKind.Epoll, HandlerMode.Loop, EndpointScheme.Tls)]
[TestFixture(PollerKind.Epoll, HandlerMode.Dedicated, EndpointScheme.SecureWebSocket)]
[TestFixture(PollerKind.Select, HandlerMode.Loop, EndpointScheme.Tls)]
public sealed class EchoTests(PollerKind poller, HandlerMode handlers, EndpointScheme scheme)
{
    private NetServer _server = null!;

    [SetUp]
    public void StartServer()
    {
        TestHost.SkipUnlessAvailable(poller);
        _server = TestHost.CreateServer(o =>
        {
            o.Poller = poller;
            o.HandlerMode = handlers;
            string name = scheme switch
            {
                EndpointScheme.WebSocket => "ws",
                EndpointScheme.Tls => "tls",
                EndpointScheme.SecureWebSocket => "wss",
                _ => "tcp",
            };
            var endpoint = NetEndpoint.Parse($"{name}://127.0.0.1:0");
            o.Listen(endpoint, l => l.Tls = endpoint.IsEncrypted ? new TlsServerOptions { Certificate = TestHost.Certificate } : null);
        });
        _server.On<PlayerMove>((session, in move) => session.Send(move));
        _server.On<Say>((session, in say) => _server.Broadcast(say));
        _server.On<Blob>((session, in blob) => session.Send(blob));
        _server.OnRequest<Divide, Quotient>((session, in divide) =>
            divide.By == 0 ? throw new RequestException(1000, "division by zero") : new Quotient(divide.Value / divide.By));
        _server.Start();
    }

    [TearDown]
    public async Task StopServer()
    {
        if (_server is not null)
        {
            await TestHost.StopAndCheckAsync(_server);
        }
    }

    [Test]
    public async Task Send_ManyMessages_ComeBackInOrder()
    {
        const int Count = 5_000;
        var done = new TaskCompletionSource();
        uint expected = 0;
        bool inOrder = true;
        await using NetClient client = await TestHost.ConnectAsync(_server, o =>
        {
            o.Handlers = new HandlerTable().On<PlayerMove>((session, in move) =>
            {
                inOrder &= move.Sequence == expected++;
                if (expected == Count)
                {
                    done.TrySetResult();
                }
            });
        });
        for (uint i = 0; i < Count; i++)
        {
            SendStatus status = client.Send(new PlayerMove(i, 1.5f, -2, 3, 0.25f, (byte)i));
            Assert.That(status, Is.EqualTo(SendStatus.Sent));
            if (i % 500 == 499)
            {
                // One response at a time keeps unread echoes within the limits of the send queues.
                await client.RequestAsync(new Divide(1, 1)).WaitAsync(TestHost.Patience);
            }
        }

        await done.Task.WaitAsync(TestHost.Patience);
        Assert.That(inOrder, Is.True);
    }

    [Test]
    public async Task RequestAsync_AnswerAndError_ReachTheCaller()
    {
        await using NetClient client = await TestHost.ConnectAsync(_server);
        Quotient quotient = await client.RequestAsync(new Divide(7, 2)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(3.5));

        RequestException? error = Assert.ThrowsAsync<RequestException>(
            () => client.RequestAsync(new Divide(1, 0)).WaitAsync(TestHost.Patience));
        Assert.That(error!.Code, Is.EqualTo(1000));
        Assert.That(error.Message, Is.EqualTo("division by zero"));
    }

    [Test]
    public async Task Send_LargestBlob_ComesBackWhole()
    {
        byte[] bytes = new byte[65_000];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i * 31);
        }

        var received = new TaskCompletionSource<byte[]>();
        await using NetClient client = await TestHost.ConnectAsync(_server, o =>
            o.Handlers = new HandlerTable().On<Blob>((session, in blob) => received.TrySetResult(blob.Bytes)));
        Assert.That(client.Send(new Blob(bytes)), Is.EqualTo(SendStatus.Sent));
        Assert.That(await received.Task.WaitAsync(TestHost.Patience), Is.EqualTo(bytes));
        Assert.That(client.Send(new Blob(new byte[70_000])), Is.EqualTo(SendStatus.TooLarge));
    }

    [Test]
    public async Task Broadcast_ManyClients_ReachesEach()
    {
        await using EventLoop loop = EventLoop.Start(o => o.BufferDiagnostics = true);
        var clients = new List<NetClient>();
        var received = new CountdownEvent(20);
        HandlerTable handlers = new HandlerTable().On<Say>((session, in say) => received.Signal());
        for (int i = 0; i < 20; i++)
        {
            clients.Add(await TestHost.ConnectAsync(_server, o =>
            {
                o.Loop = loop;
                o.Handlers = handlers;
            }));
        }

        clients[3].Send(new Say("hello"));
        Assert.That(received.Wait(TestHost.Patience), Is.True);
        foreach (NetClient client in clients)
        {
            await client.DisposeAsync();
        }
    }
}
