using NetLoop.Tests.Hosting;
using NetLoopServer;
using NUnit.Framework;

namespace NetLoop.Tests.Readme;

/// <summary>
/// Examples of the readmes that are not in a template, compiled and run; <see cref="DocumentExampleTests"/> compares the texts. Servers that are not started
/// have the ports of the readme.
/// </summary>
public sealed class ReadmeExampleTests
{
    [Test]
    public async Task ThreeLineEchoServer_Echoes()
    {
        using var stop = new StopSignal();
        int port = Demo.FreePort.Find();

        Task running = RunAsync();
        var echo = new TaskCompletionSource<string>();
        await using (var client = await NetClient.ConnectAsync($"tcp://127.0.0.1:{port}", o =>
            o.Handlers = new HandlerTable().On<Shout>((session, shout) => echo.SetResult(shout.Text))))
        {
            client.Send(new Shout("hello"));
            Assert.That(await echo.Task.WaitAsync(TestHost.Patience), Is.EqualTo("hello"));
        }

        stop.Stop();
        await running.WaitAsync(TestHost.Patience);

        async Task RunAsync()
        {
            await using var server = NetServer.Create(o => o.ListenTcp("127.0.0.1", port));
            server.On<Shout>((session, shout) => session.Send(shout));
            await server.RunAsync(stop.Token, stop.AbortToken);
        }
    }

    [Test]
    public async Task Request_RefusedByTheHandler_ThrowsItsCode()
    {
        await using var server = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0));
        server.OnRequest<CountShouts, Census>((session, in question) => throw new RequestException(1001, "the hall is closed"));
        server.Start();

        await using var client = await NetClient.ConnectAsync(server.Endpoints[0]);
        var error = Assert.ThrowsAsync<RequestException>(() => client.RequestAsync(new CountShouts()));

        Assert.That(error!.Code, Is.EqualTo(1001));
    }

    [Test]
    public async Task BrowsersListener_WithTheOriginOfTheReadme_IsValid()
    {
        NetServerOptions? options = null;
        await using var server = NetServer.Create(o =>
        {
            options = o;
            o.ListenWebSocket("0.0.0.0", 7780, l => l.WebSocket.AllowedOrigins.Add("https://game.example"));
        });

        Assert.That(options!.Listeners.Single().WebSocket.AllowedOrigins, Is.EqualTo(["https://game.example"]));
    }

    [Test]
    public async Task EncryptedListeners_OfTheReadme_HaveTheirCertificates()
    {
        NetServerOptions? options = null;
        await using var server = NetServer.Create(o =>
        {
            options = o;
            o.ListenTls("0.0.0.0", 7779, "/etc/ssl/game.example.pem", "/etc/ssl/game.example.key");
            o.ListenWebSocket("0.0.0.0", 443, l => l.Tls = new TlsServerOptions
            {
                CertificateFile = "/etc/ssl/game.example.pem",
                KeyFile = "/etc/ssl/game.example.key",
            });
        });

        Assert.That(options!.Listeners.Select(listener => listener.Endpoint.ToUri()), Is.EqualTo(["tls://0.0.0.0:7779", "wss://0.0.0.0:443/"]));
        Assert.That(options.Listeners.Select(listener => listener.Tls!.KeyFile), Is.All.EqualTo("/etc/ssl/game.example.key"));
    }

    [Test]
    public async Task LinesServer_AnswersInLines()
    {
        await using var server = NetServer.Create(o =>
        {
            int port = 0;
            o.ListenTcp("127.0.0.1", port, l =>
                l.UseRawProtocol(() => DelimitedFramer.Lines(maxLineBytes: 1024), (session, line) => session.SendRaw(line)));
        });
        server.Start();

        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync("127.0.0.1", server.Endpoints[0].Port);
        using var reader = new StreamReader(socket.GetStream());
        await socket.GetStream().WriteAsync("hello\n"u8.ToArray());

        Assert.That(await reader.ReadLineAsync().WaitAsync(TestHost.Patience), Is.EqualTo("hello"));
    }
}
