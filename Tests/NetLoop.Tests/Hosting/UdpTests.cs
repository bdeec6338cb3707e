using System.Threading.Channels;
using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Sessions over UDP on real sockets: the same sessions and handlers as over TCP.</summary>
public sealed class UdpTests
{
    private readonly Channel<CloseInfo> _closed = Channel.CreateUnbounded<CloseInfo>();
    private NetServer _server = null!;

    private NetEndpoint Endpoint => _server.Endpoints.Single(endpoint => endpoint.Transport == TransportKind.Udp);

    [TearDown]
    public async Task StopAsync()
    {
        await TestHost.StopAndCheckAsync(_server);
    }

    [TestCase(PollerKind.Auto)]
    [TestCase(PollerKind.Poll)]
    [TestCase(PollerKind.Select)]
    public async Task Session_OverUdp_HandlesMessagesRequestsAndGoodbye(PollerKind poller)
    {
        Start(o => o.Poller = poller);
        await using NetClient client = await ConnectAsync(o => o.LoopOptions.Poller = poller);
        Assert.That(client.Session.Remote, Is.EqualTo(Endpoint));
        Assert.That(await client.RequestAsync<Divide, Quotient>(new Divide(84, 2)).WaitAsync(TestHost.Patience), Is.EqualTo(new Quotient(42)));
        Assert.That(_server.Sessions.Single().Remote.Transport, Is.EqualTo(TransportKind.Udp));
        await client.DisposeAsync();
        Assert.That((await NextClosedAsync()).Reason, Is.EqualTo(CloseReason.Normal));
    }

    [Test]
    public async Task Session_LongBody_ArrivesInPieces()
    {
        Start();
        var echoes = Channel.CreateUnbounded<int>();
        await using NetClient client = await ConnectAsync(o => o.Handlers = new HandlerTable().On<Say>((_, say) => echoes.Writer.TryWrite(say.Text.Length)));
        client.Send(new Say(new string('x', 60_000)));
        Assert.That(await echoes.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience), Is.EqualTo(60_000));
    }

    [Test]
    public async Task Broadcast_ToClientsOnUdpAndTcp_ReachesAll()
    {
        Start(o => o.ListenTcp("127.0.0.1", 0));
        var heard = Channel.CreateUnbounded<string>();
        Action<NetClientOptions> listen = o => o.Handlers = new HandlerTable().On<Say>((_, say) => heard.Writer.TryWrite(say.Text));
        await using NetClient udp = await ConnectAsync(listen);
        await using NetClient tcp = await NetClient.ConnectAsync(_server.Endpoints.Single(endpoint => endpoint.Transport == TransportKind.Tcp), listen);
        _server.Broadcast(new Say("all"));
        Assert.That(await heard.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience), Is.EqualTo("all"));
        Assert.That(await heard.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience), Is.EqualTo("all"));
    }

    [Test]
    public async Task Send_EveryDelivery_Arrives()
    {
        Start();
        var heard = Channel.CreateUnbounded<Delivery>();
        _server.On<Position>((_, position) => heard.Writer.TryWrite((Delivery)position.Tick));
        await using NetClient client = await ConnectAsync();
        foreach (Delivery delivery in Enum.GetValues<Delivery>())
        {
            Assert.That(client.Send(new Position(1, (int)delivery), delivery), Is.EqualTo(SendStatus.Sent));
            Assert.That(await heard.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience), Is.EqualTo(delivery));
        }
    }

    [Test]
    public async Task Connect_HundredClientsOnOneLoop_AllGetTheirAnswers()
    {
        Start();
        await using var loop = new EventLoop(new EventLoopOptions());
        loop.StartThread();
        NetClient[] clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ConnectAsync(o => o.Loop = loop)));
        Quotient[] quotients = await Task.WhenAll(clients.Select((client, i) => client.RequestAsync<Divide, Quotient>(new Divide(i * 3, 3))))
            .WaitAsync(TestHost.Patience);
        Assert.That(quotients.Select(quotient => quotient.Value), Is.EqualTo(Enumerable.Range(0, 100)));
        foreach (NetClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Test]
    public async Task Connect_AuthenticatorAccepts_IsAskedOnceAndItsDecisionHolds()
    {
        int asked = 0;
        Start(o => o.Authenticate = (request, _) =>
        {
            asked++;
            return ValueTask.FromResult(
                request.Token.Span.SequenceEqual("secret"u8) ? AuthenticationResult.Accept(identity: "anna") : AuthenticationResult.Reject("Wrong password."));
        });
        await using NetClient client = await ConnectAsync(o => o.Token = "secret"u8.ToArray());
        Assert.That(_server.Sessions.Single().UserData, Is.EqualTo("anna"));
        Assert.That(asked, Is.EqualTo(1));
        NetConnectException rejected = Assert.ThrowsAsync<NetConnectException>(async () => await ConnectAsync(o => o.Token = "wrong"u8.ToArray()))!;
        Assert.That(rejected.Message, Does.Contain("Wrong password."));
        Assert.That(rejected.Reason, Is.EqualTo(CloseReason.Unauthorized));
    }

    [Test]
    public async Task Connect_TokenOfAServiceWithTheKey_NeedsNoTcp()
    {
        ConnectTokenKey key = ConnectTokenKey.Parse(ConnectTokenKey.Create().Export());
        ulong clientId = 0;
        byte user = 0;
        Start(
            o => o.Authenticate = (request, _) =>
            {
                clientId = request.ConnectToken!.Value.ClientId;
                user = request.ConnectToken.Value.UserData.Span[0];
                return ValueTask.FromResult(AuthenticationResult.Accept());
            },
            l =>
            {
                l.Udp.Key = key;
                l.Udp.GivesTokens = false;
            });
        ConnectToken token = ConnectToken.Create(key, [Endpoint], clientId: 4711, [99]);
        await using NetClient client = await ConnectAsync(o => o.Udp.Token = ConnectToken.Parse(token.Bytes.Span));
        Assert.That((clientId, user), Is.EqualTo((4711UL, (byte)99)));
        Assert.That(await client.RequestAsync<Divide, Quotient>(new Divide(4, 2)).WaitAsync(TestHost.Patience), Is.EqualTo(new Quotient(2)));
        await client.DisposeAsync();
        NetConnectException again = Assert.ThrowsAsync<NetConnectException>(async () => await ConnectAsync(o =>
        {
            o.Udp.Token = token;
            o.HandshakeTimeout = TimeSpan.FromSeconds(0.3);
        }))!;
        Assert.That(again.Message, Does.Contain("does not answer"), "a token opens one connection");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Token_AskedForUnderAnotherPort_NamesTheAddressThatTheClientUses(bool isPublic)
    {
        NetEndpoint mapped = NetEndpoint.Udp("127.0.0.1", 9);
        Start(listen: l =>
        {
            if (isPublic)
            {
                l.Udp.PublicEndpoints.Add(mapped);
            }
        });
        byte[]? token = _server.Tokens.Issue(mapped, accepted: null);
        Assert.That(ConnectToken.Parse(token).Servers, Is.EqualTo(new[] { mapped }));
    }

    [Test]
    public void Token_AskedForUnderAPortThatCouldBeEither_IsNotGiven()
    {
        Start(o => o.ListenUdp("127.0.0.1", 0));
        Assert.That(_server.Tokens.Issue(NetEndpoint.Udp("127.0.0.1", 9), accepted: null), Is.Null);
    }

    [Test]
    public async Task CreateConnectToken_OfTheServer_LetsItsClientIn()
    {
        Start(listen: l => l.Udp.GivesTokens = false);
        ConnectToken token = _server.CreateConnectToken(clientId: 5);
        await using NetClient client = await ConnectAsync(o => o.Udp.Token = token);
        Assert.That(client.Session.Status, Is.EqualTo(SessionStatus.Open));
    }

    [Test]
    public async Task Connect_FirstServersOfTheTokenRefuseOrAreSilent_TriesTheNext()
    {
        ConnectTokenKey key = ConnectTokenKey.Create();
        Start(listen: l =>
        {
            l.Udp.Key = key;
            l.Udp.GivesTokens = false;
        });
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using var free = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        NetEndpoint[] others = [.. new[] { free, silent }.Select(socket => PortOf(socket)).Select(port => NetEndpoint.Udp("127.0.0.1", port))];
        free.Dispose();
        ConnectToken token = ConnectToken.Create(key, [.. others, Endpoint], clientId: 4);
        await using NetClient client = await NetClient.ConnectAsync(others[0], o =>
        {
            o.Udp.Token = token;
            o.HandshakeTimeout = TimeSpan.FromSeconds(3);
        });
        Assert.That(client.Session.Remote, Is.EqualTo(Endpoint));
        Assert.That(await client.RequestAsync<Divide, Quotient>(new Divide(8, 4)).WaitAsync(TestHost.Patience), Is.EqualTo(new Quotient(2)));
    }

    [Test]
    public void Connect_ExpiredToken_SaysSo()
    {
        ConnectTokenKey key = ConnectTokenKey.Create();
        Start(listen: l =>
        {
            l.Udp.Key = key;
            l.Udp.GivesTokens = false;
        });
        ConnectToken token = ConnectToken.Create(key, [Endpoint], clientId: 4, time: new FixedTime(DateTimeOffset.UtcNow.AddMinutes(-5)));
        NetConnectException error = Assert.ThrowsAsync<NetConnectException>(async () => await ConnectAsync(o =>
        {
            o.Udp.Token = token;
            o.HandshakeTimeout = TimeSpan.FromSeconds(0.3);
        }))!;
        Assert.That(error.Message, Does.Contain("the connect token expired").And.Contain("ago"));
    }

    [Test]
    public void Connect_NobodyListens_IsRefusedAtOnce()
    {
        Start(listen: l => l.Udp.GivesTokens = false);
        using var free = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        NetEndpoint closed = NetEndpoint.Udp("127.0.0.1", ((System.Net.IPEndPoint)free.Client.LocalEndPoint!).Port);
        free.Dispose();
        ConnectToken token = ConnectToken.Create(ConnectTokenKey.Create(), [closed], 1);
        NetConnectException refused = Assert.ThrowsAsync<NetConnectException>(
            async () => await NetClient.ConnectAsync(closed, o => o.Udp.Token = token).WaitAsync(TestHost.Patience))!;
        Assert.That(refused.Status, Is.EqualTo(SocketStatus.ConnectionRefused));
        Assert.That(refused.Message, Does.Contain("nobody listens"));
    }

    [Test]
    public void Connect_PortWithoutTcp_SaysWhatIsMissing()
    {
        Start(listen: l => l.Udp.GivesTokens = false);
        NetConnectException refused = Assert.ThrowsAsync<NetConnectException>(async () => await ConnectAsync())!;
        Assert.That(refused.Message, Does.Contain("nobody listens"));
    }

    [Test]
    public void Connect_OverTcpToATokenPort_IsToldToUseUdp()
    {
        Start();
        NetConnectException rejected = Assert.ThrowsAsync<NetConnectException>(
            async () => await NetClient.ConnectAsync(NetEndpoint.Tcp("127.0.0.1", Endpoint.Port)).WaitAsync(TestHost.Patience))!;
        Assert.That(rejected.Message, Does.Contain("connect with udp://"));
    }

    [Test]
    public async Task GetLinkStatistics_OnUdp_HasTheRoundTripOfBothSides()
    {
        Start(o => o.ListenTcp("127.0.0.1", 0));
        await using NetClient client = await ConnectAsync();
        for (int i = 0; i < 20; i++)
        {
            await client.RequestAsync<Divide, Quotient>(new Divide(84, 2)).WaitAsync(TestHost.Patience);
        }

        foreach (LinkStatistics? statistics in (LinkStatistics?[])[client.Session.GetLinkStatistics(), _server.Sessions.Single().GetLinkStatistics()])
        {
            Assert.That(statistics, Is.Not.Null);
            Assert.That(statistics!.Value.RoundTrip, Is.GreaterThan(TimeSpan.Zero).And.LessThan(TestHost.Patience));
            Assert.That(statistics.Value.PacketsSent, Is.GreaterThanOrEqualTo(20));
            Assert.That(statistics.Value.PacketsReceived, Is.GreaterThanOrEqualTo(20));
            Assert.That(statistics.Value.WindowBytes, Is.GreaterThan(1_000));
        }

        NetEndpoint stream = _server.Endpoints.Single(endpoint => endpoint.Transport == TransportKind.Tcp);
        await using NetClient tcp = await NetClient.ConnectAsync(stream).WaitAsync(TestHost.Patience);
        Assert.That(tcp.Session.GetLinkStatistics(), Is.Null);
        await client.DisposeAsync();
        Assert.That(client.Session.GetLinkStatistics(), Is.Null);
    }

    [Test]
    public async Task GetStatistics_PacketsOfEveryKind_AreCounted()
    {
        Start();
        await using NetClient client = await ConnectAsync();
        await client.RequestAsync<Divide, Quotient>(new Divide(84, 2)).WaitAsync(TestHost.Patience);
        using var stranger = new System.Net.Sockets.UdpClient("127.0.0.1", Endpoint.Port);
        stranger.Send([1, 2, 3]);
        stranger.Send([0x15, 1, .. new byte[40]]); // The header of a payload.
        byte[] request = new byte[1 + 13 + 8 + 8 + 24 + 1024];
        stranger.Send(request);
        await WaitUntilAsync(() => Rejected(PacketRejection.Malformed) + Rejected(PacketRejection.UnknownSender) + Rejected(PacketRejection.InvalidToken) == 3);
        DatagramStatistics statistics = _server.GetStatistics().Datagrams;
        Assert.That(statistics.RejectedByReason.Values, Is.EqualTo(new[] { 1, 1, 1 }));
        Assert.That(statistics.PacketsIn, Is.GreaterThan(5));
        Assert.That(statistics.PacketsOut, Is.GreaterThan(2));
        Assert.That(statistics.BytesIn, Is.InRange(request.Length * 2, _server.GetStatistics().BytesIn), "a request of the client's too");
        Assert.That(statistics.BytesOut, Is.InRange(100, _server.GetStatistics().BytesOut));
    }

    [Test]
    public async Task GetStatistics_ReceiveBufferOverflows_CountsWhatTheKernelDropped()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Only Linux counts them.");
        }

        Start(listen: l => l.ReceiveBufferBytes = 4096);
        using (var pause = new ManualResetEventSlim())
        {
            _server.Post(() => pause.Wait(TestHost.Patience));
            using var flood = new System.Net.Sockets.UdpClient("127.0.0.1", Endpoint.Port);
            for (int i = 0; i < 1_000; i++)
            {
                flood.Send(new byte[1_000]);
            }

            pause.Set();
        }

        await _server.StopAsync().WaitAsync(TestHost.Patience); // The last count is when the socket closes.
        DatagramStatistics statistics = _server.GetStatistics().Datagrams;
        Assert.That(statistics.PacketsDropped, Is.InRange(1, 1_000 - statistics.PacketsIn));
    }

    [Test]
    public async Task Stop_WithClients_SendsGoodbye()
    {
        Start();
        await using NetClient client = await ConnectAsync();
        await _server.StopAsync().WaitAsync(TestHost.Patience);
        Assert.That((await client.Closed.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.ServerStopping));
    }

    [Test]
    public async Task Listen_PortIsTaken_SecondServerFails()
    {
        Start();
        await using NetServer second = NetServer.Create(o => o.ListenUdp("127.0.0.1", Endpoint.Port, l => l.Udp.GivesTokens = false));
        NetListenException taken = Assert.Throws<NetListenException>(() => second.Start())!;
        Assert.That(taken.Message, Does.Contain($"port {Endpoint.Port}"));
        if (OperatingSystem.IsLinux())
        {
            Assert.That(taken.Message, Does.Contain($"process {Environment.ProcessId} "), "the process of the UDP socket");
        }
    }

    private void Start(Action<NetServerOptions>? configure = null, Action<ListenOptions>? listen = null)
    {
        _server = TestHost.CreateServer(o =>
        {
            o.TickRate = 0;
            o.ListenUdp("127.0.0.1", 0, listen);
            configure?.Invoke(o);
        });
        _server.On<Say>((session, say) => session.Send(say));
        _server.OnRequest<Divide, Quotient>((_, divide) => new Quotient(divide.Value / divide.By));
        _server.OnClosed((_, info) => _closed.Writer.TryWrite(info));
        _server.Start();
    }

    private Task<NetClient> ConnectAsync(Action<NetClientOptions>? configure = null) =>
        NetClient.ConnectAsync(Endpoint, configure).WaitAsync(TestHost.Patience);

    private long Rejected(PacketRejection reason) => _server.GetStatistics().Datagrams.RejectedByReason.GetValueOrDefault(reason);

    private static async Task WaitUntilAsync(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(TestHost.Patience);
        using var step = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!isSo())
        {
            await step.WaitForNextTickAsync(deadline.Token);
        }
    }

    private Task<CloseInfo> NextClosedAsync() => _closed.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience);

    private static int PortOf(System.Net.Sockets.UdpClient socket) => ((System.Net.IPEndPoint)socket.Client.LocalEndPoint!).Port;

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
