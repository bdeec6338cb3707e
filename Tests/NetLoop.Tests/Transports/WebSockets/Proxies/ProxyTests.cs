using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets.Proxies;

/// <summary>What holds behind every proxy. Clients come from 127.0.0.2, so that the proxy, at 127.0.0.1, is somebody else.</summary>
public abstract class ProxyTests : ServerFixture
{
    private const string Client = "127.0.0.2";

    private ReverseProxy? _proxy;

    private protected int ServerPort => Server.Endpoints[1].Port;

    private protected ReverseProxy Proxy => _proxy!;

    [TearDown]
    public async Task StopProxy()
    {
        if (_proxy is { } proxy)
        {
            _proxy = null;
            await proxy.DisposeAsync();
        }
    }

    [TestCase("game.example", "https://game.example", "")]
    [TestCase("game.example", null, "")]
    [TestCase("game.example", "https://evil.example", "403")]
    [TestCase("game.example", "null", "403")]
    [TestCase("evil.example", "https://evil.example", "421")]
    public async Task Upgrade_ThroughTheProxy_IsJudgedByTheBrowsersHostAndOrigin(string host, string? origin, string rejection)
    {
        await StartAsync();
        Assert.That(await TryOpenAsync(host, origin), rejection.Length == 0 ? Is.Empty : Does.Contain($"'{rejection}'"));
        if (rejection.Length > 0)
        {
            string line = Log.TextsOf(1013).Single();
            Assert.That(line, Does.Contain($"'{host}").And.Contain($"'{origin}'").And.Contain("WebSocket.Allowed"));
        }
    }

    [TestCase("https://game.example", "")]
    [TestCase("https://evil.example", "403")]
    public async Task Upgrade_ProxyRewritesTheHost_IsJudgedByTheOrigin(string origin, string rejection)
    {
        await StartAsync(RewriteHost);
        Assert.That(await TryOpenAsync(ReverseProxy.Host, origin), rejection.Length == 0 ? Is.Empty : Does.Contain($"'{rejection}'"));
    }

    [TestCase(null)]
    [TestCase("198.51.100.9")]
    public async Task Remote_ThroughTheProxy_IsTheClients(string? forged)
    {
        await StartAsync();
        using ClientWebSocket client = await OpenAsync(ReverseProxy.Host, origin: null, forged);
        Assert.That(NextOpened().Remote.WithPort(0), Is.EqualTo(NetEndpoint.Tcp(Client, 0)));
    }

    [Test]
    public async Task NetClient_ThroughTheProxy_SpeaksToTheServer()
    {
        await StartAsync();
        var trusted = new X509Certificate2Collection(X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Proxy.CertificateFile)));
        await using NetClient client = await NetClient.ConnectAsync(
            NetEndpoint.SecureWebSocket("127.0.0.1", Proxy.Port),
            o =>
            {
                o.Tls.HostName = ReverseProxy.Host;
                o.Tls.TrustedRoots = trusted;
            }).WaitAsync(TestHost.Patience);
        Assert.That(await client.RequestAsync<Divide, Quotient>(new Divide(84, 2)).WaitAsync(TestHost.Patience), Is.EqualTo(new Quotient(42)));
        Assert.That(NextOpened().Remote.IsLoopback, Is.True);
        await client.DisposeAsync();
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.Normal), "the Goodbye went through");
        ExpectNoWarning();
    }

    [Test]
    public async Task NetClient_CertificateOfAnUnknownAuthority_IsRejectedWithTheCause()
    {
        await StartAsync();
        NetConnectException rejected = Assert.ThrowsAsync<NetConnectException>(async () => await NetClient.ConnectAsync(
            NetEndpoint.SecureWebSocket("127.0.0.1", Proxy.Port), o => o.Tls.HostName = ReverseProxy.Host).WaitAsync(TestHost.Patience))!;
        Assert.That(rejected.Message, Does.Contain("certificate"));
    }

    [Test]
    public async Task Upgrade_ProxySendsAnotherVersionOfHttp_SaysWhatToSet()
    {
        await StartAsync(UseHttp10);
        Assert.That(await TryOpenAsync(ReverseProxy.Host, origin: null), Does.Contain("'505'").Or.Contain("'426'"));
        ExpectNoWarning();
    }

    [Test]
    public async Task Session_ProxyCutsAnIdleConnection_EndsForWhatTheProxyDid()
    {
        await StartAsync(ShortenTimeout);
        using ClientWebSocket client = await OpenAsync(ReverseProxy.Host, origin: null);
        NextOpened();
        Assert.That(NextClosed(), Is.EqualTo(Cut));
        ExpectNoWarning();
    }

    /// <summary>How a session ends that the proxy cuts.</summary>
    private protected abstract CloseInfo Cut { get; }

    /// <summary>The article's configuration, with a change.</summary>
    private protected abstract Task<ReverseProxy> StartProxyAsync(Func<string, string>? change);

    private protected abstract string RewriteHost(string configuration);

    private protected abstract string UseHttp10(string configuration);

    private protected abstract string ShortenTimeout(string configuration);

    private protected async Task StartAsync(Func<string, string>? change = null, Action<ListenOptions>? listen = null)
    {
        Start(configure: o => o.ListenWebSocket("127.0.0.1", 0, l =>
        {
            l.PingInterval = TimeSpan.Zero;
            l.WebSocket.AllowedOrigins.Add("https://game.example");
            l.WebSocket.HealthPath = "/healthz";
            l.TrustedProxies.Add("127.0.0.1");
            listen?.Invoke(l);
        }));
        _proxy = await StartProxyAsync(change);
    }

    private protected static string Replace(string configuration, string text, string with)
    {
        Assert.That(configuration, Does.Contain(text));
        return configuration.Replace(text, with, StringComparison.Ordinal);
    }

    private protected void ExpectNoWarning() => Assert.That(Log.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text), Is.Empty);

    /// <summary>Opens a session.</summary>
    /// <returns>Empty, or why not.</returns>
    private protected async Task<string> TryOpenAsync(string host, string? origin)
    {
        try
        {
            using ClientWebSocket client = await OpenAsync(host, origin);
            return "";
        }
        catch (WebSocketException rejected)
        {
            return rejected.Message;
        }
    }

    private protected async Task<ClientWebSocket> OpenAsync(string host, string? origin, string? forwardedFor = null)
    {
        var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Host", host);
        if (origin is not null)
        {
            client.Options.SetRequestHeader("Origin", origin);
        }

        if (forwardedFor is not null)
        {
            client.Options.SetRequestHeader("X-Forwarded-For", forwardedFor);
        }

        try
        {
            using var invoker = new HttpMessageInvoker(Handler(), disposeHandler: false);
            await client.ConnectAsync(new Uri($"wss://127.0.0.1:{Proxy.Port}/"), invoker, CancellationToken.None).WaitAsync(TestHost.Patience);
            byte[] hello = Wire.HelloFrame()[4..];
            await client.SendAsync(hello, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).WaitAsync(TestHost.Patience);
            WebSocketReceiveResult welcome = await client.ReceiveAsync(new byte[1024], CancellationToken.None).WaitAsync(TestHost.Patience);
            Assert.That(welcome.MessageType, Is.EqualTo(WebSocketMessageType.Binary));
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(Client), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == $"CN={ReverseProxy.Host}";
        return handler;
    }
}
