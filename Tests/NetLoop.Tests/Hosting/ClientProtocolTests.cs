using System.Security.Claims;
using System.Text;
using System.Threading.Channels;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Clients can use every protocol of listeners; servers can read the upgrade request of a WebSocket client.</summary>
public sealed class ClientProtocolTests
{
    private NetServer _server = null!;

    [TearDown]
    public async Task Stop()
    {
        await TestHost.StopAndCheckAsync(_server);
        await _server.DisposeAsync();
    }

    [Test]
    public async Task UseRawProtocol_VariableHeaders_CarriesBodiesOfAnyLengthBothWays()
    {
        static IFramer Framer() => new VarintPrefixFramer(1 << 20);
        Start(o => o.ListenTcp("127.0.0.1", 0, l =>
        {
            l.MaxSendQueueBytes = 8 << 20;
            l.MaxBodyBytes = 1 << 20;
            l.UseRawProtocol(Framer, (session, body) => session.SendRaw(body));
        }));
        Channel<byte[]> echoes = Channel.CreateUnbounded<byte[]>();
        await using NetClient client = await TestHost.ConnectAsync(_server, o =>
        {
            o.MaxSendQueueBytes = 8 << 20;
            o.MaxBodyBytes = 1 << 20;
            o.UseRawProtocol(Framer, (session, body) => echoes.Writer.TryWrite(body.ToArray()));
        });
        foreach (int length in (int[])[1, 127, 128, 300, 16_383, 16_384, 100_000, 1 << 20])
        {
            byte[] body = new byte[length];
            new Random(length).NextBytes(body);
            Assert.That(client.Session.SendRaw(body), Is.EqualTo(SendStatus.Sent));
            Assert.That(await echoes.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience), Is.EqualTo(body));
        }
    }

    [Test]
    public async Task Framer_WithHello_FramesWhatFollowsHello()
    {
        Start(o => o.ListenTcp("127.0.0.1", 0, l => l.Framer = () => new VarintPrefixFramer(10_000)));
        _server.OnRequest<Divide, Quotient>((session, divide) => new Quotient(divide.Value / divide.By));
        await using NetClient client = await TestHost.ConnectAsync(_server, o => o.Framer = () => new VarintPrefixFramer(10_000));
        Assert.That((await client.RequestAsync<Divide, Quotient>(new Divide(7, 2))).Value, Is.EqualTo(3.5));
    }

    [Test]
    public async Task UseRawProtocol_Lines_AreSentAndReceived()
    {
        Start(o => o.ListenTcp("127.0.0.1", 0, l => l.UseRawProtocol(() => DelimitedFramer.Lines(100), (session, line) => session.SendRaw(line))));
        Channel<string> lines = Channel.CreateUnbounded<string>();
        await using NetClient client = await TestHost.ConnectAsync(
            _server, o => o.UseRawProtocol(() => DelimitedFramer.Lines(100), (session, line) => lines.Writer.TryWrite(Encoding.UTF8.GetString(line))));
        client.Session.SendRaw("hello"u8);
        Assert.That(await lines.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience), Is.EqualTo("hello"));
    }

    [Test]
    public async Task UseRawProtocol_TextOverWebSocket_IsSentAndReceived()
    {
        Start(o => o.ListenWebSocket("127.0.0.1", 0, l =>
        {
            l.WebSocket.UsesText = true;
            l.UseRawProtocol((session, text) => session.SendRaw(text));
        }));
        Channel<string> texts = Channel.CreateUnbounded<string>();
        await using NetClient client = await TestHost.ConnectAsync(_server, o =>
        {
            o.UsesText = true;
            o.UseRawProtocol((session, text) => texts.Writer.TryWrite(Encoding.UTF8.GetString(text)));
        });
        client.Session.SendRaw("grüß dich"u8);
        Assert.That(await texts.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience), Is.EqualTo("grüß dich"));
    }

    [Test]
    public async Task Authenticate_WebSocketClient_SeesPathQueryAndHeaders()
    {
        HttpUpgrade? seen = null;
        Start(o =>
        {
            o.ListenWebSocket("127.0.0.1", 0, l => l.WebSocket.AllowedOrigins.Add("https://game.example"));
            o.ListenTcp("127.0.0.1", 0);
            o.Authenticate = (request, _) =>
            {
                seen = request.Upgrade;
                var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "Ana"), new Claim(ClaimTypes.Role, "admin")], "token");
                return ValueTask.FromResult(AuthenticationResult.Accept(new ClaimsPrincipal(identity), identity: "player"));
            };
        });
        string address = _server.Endpoints[0].ToTcp().ToString();
        await using NetClient client = await NetClient.ConnectAsync($"ws://{address}/room/red?token=1&x=%20", o => o.Origin = "https://game.example");
        Session session = _server.Sessions.Single();
        Assert.Multiple(() =>
        {
            Assert.That(seen!.Path, Is.EqualTo("/room/red"));
            Assert.That(seen.Query, Is.EqualTo("token=1&x=%20"));
            Assert.That(seen.Headers["ORIGIN"], Is.EqualTo("https://game.example"));
            Assert.That(seen.Headers["host"], Is.EqualTo(address));
            Assert.That(session.User!.Identity!.Name, Is.EqualTo("Ana"));
            Assert.That(session.User.IsInRole("admin"), Is.True);
            Assert.That(session.UserData, Is.EqualTo("player"));
        });
        await using NetClient plain = await NetClient.ConnectAsync(_server.Endpoints[1]);
        Assert.That(seen, Is.Null, "a TCP connection has no upgrade request");
    }

    [Test]
    public void Parse_RepeatedHeaders_AreJoined()
    {
        HttpUpgrade upgrade = HttpUpgrade.Parse("GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\nHost:a\r\nx-forwarded-for:  192.0.2.2 \r\n\r\n"u8);
        Assert.That((upgrade.Path, upgrade.Query), Is.EqualTo(("/", "")));
        Assert.That(upgrade.Headers["X-Forwarded-For"], Is.EqualTo("192.0.2.1, 192.0.2.2"));
        Assert.That(upgrade.Headers["Host"], Is.EqualTo("a"));
        Start(o => o.ListenTcp("127.0.0.1", 0));
    }

    [Test]
    public async Task ConnectAsync_TokenCancelsWhileTheServerThinks_EndsAtOnce()
    {
        using var cancelled = new CancellationTokenSource();
        Start(o =>
        {
            o.ListenTcp("127.0.0.1", 0);
            o.Authenticate = async (_, cancellation) =>
            {
                cancelled.Cancel();
                await Task.Delay(Timeout.Infinite, cancellation);
                return AuthenticationResult.Accept();
            };
        });

        // A graceful close would wait for the close timeout, which never expires in this test.
        Task<NetClient> connecting = NetClient.ConnectAsync(_server.Endpoints[0], o => o.CloseTimeout = TimeSpan.FromHours(1), cancelled.Token);
        Assert.That(async () => await connecting.WaitAsync(TestHost.Patience), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task RunAsync_WithoutToken_RunsUntilTheServerStops()
    {
        _server = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        Task running = _server.RunAsync();
        await using NetClient client = await TestHost.ConnectAsync(_server);
        Assert.That(running.IsCompleted, Is.False);
        await _server.StopAsync();
        await running.WaitAsync(TestHost.Patience);
    }

    private void Start(Action<NetServerOptions> configure)
    {
        _server = TestHost.CreateServer(o =>
        {
            o.TickRate = 0;
            configure(o);
        });
        _server.Start();
    }
}
