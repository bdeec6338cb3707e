using System.Net.WebSockets;
using NetLoop.Tests.Demo;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>A real nginx in front, with TLS, set up as README.md says.</summary>
[TestFixture]
public sealed class NginxTests
{
    private const string Program = "/usr/sbin/nginx";

    // What README.md shows, with a port and files of this test.
    private const string Configuration = """
        daemon off;
        pid DIRECTORY/nginx.pid;
        error_log stderr;
        events { }
        http {
            access_log off;
            client_body_temp_path DIRECTORY/body;
            proxy_temp_path DIRECTORY/proxy;
            fastcgi_temp_path DIRECTORY/fastcgi;
            uwsgi_temp_path DIRECTORY/uwsgi;
            scgi_temp_path DIRECTORY/scgi;
            server {
                listen 127.0.0.1:PORT ssl;
                server_name game.example;
                ssl_certificate DIRECTORY/game.pem;
                ssl_certificate_key DIRECTORY/game.key;
                location / {
                    proxy_pass http://SERVER;
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                    proxy_set_header Host $host;
                }
            }
        }
        """;

    private readonly int _port = FreePort.Find();
    private string _directory = "";
    private NetServer _server = null!;
    private ChildProcess? _nginx;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!File.Exists(Program))
        {
            Assert.Ignore("nginx is not installed");
        }

        _directory = Directory.CreateTempSubdirectory("netloop-").FullName;
        _server = TestHost.CreateServer(o => o.ListenWebSocket("127.0.0.1", 0, l => l.WebSocket.AllowedOrigins.Add("https://game.example")));
        _server.Start();
        ProcessResult certificate = await ChildProcess.RunAsync(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=game.example",
            "-keyout", $"{_directory}/game.key", "-out", $"{_directory}/game.pem");
        Assert.That(certificate.ExitCode, Is.Zero, certificate.ToString());
        await File.WriteAllTextAsync(
            $"{_directory}/nginx.conf",
            Configuration
                .Replace("DIRECTORY", _directory, StringComparison.Ordinal)
                .Replace("PORT", $"{_port}", StringComparison.Ordinal)
                .Replace("SERVER", $"127.0.0.1:{_server.Endpoints[0].Port}", StringComparison.Ordinal));
        _nginx = ChildProcess.Start(Program, "-p", _directory, "-c", $"{_directory}/nginx.conf");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.SignalAsync("TERM");
            await _nginx.EndAsync();
            await _nginx.DisposeAsync();
            await _server.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }

    [TestCase("game.example", "https://game.example", "")]
    [TestCase("game.example", null, "")]
    [TestCase("game.example", "https://evil.example", "403")]
    [TestCase("game.example", "null", "403")]
    [TestCase("evil.example", "https://evil.example", "421")]
    public async Task Upgrade_ThroughTheProxy_IsJudgedByTheBrowsersHostAndOrigin(string host, string? origin, string refusal)
    {
        using var deadline = new CancellationTokenSource(TestHost.Patience);
        string? failure = null;
        do
        {
            using var client = new ClientWebSocket();
            client.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=game.example";
            client.Options.SetRequestHeader("Host", host);
            if (origin is not null)
            {
                client.Options.SetRequestHeader("Origin", origin);
            }

            try
            {
                await client.ConnectAsync(new Uri($"wss://127.0.0.1:{_port}/"), deadline.Token);
                await client.SendAsync(Wire.HelloFrame()[4..], WebSocketMessageType.Binary, endOfMessage: true, deadline.Token);
                WebSocketReceiveResult welcome = await client.ReceiveAsync(new byte[1024], deadline.Token);
                Assert.That(welcome.MessageType, Is.EqualTo(WebSocketMessageType.Binary));
                failure = "";
            }
            catch (WebSocketException refused)
            {
                failure = refused.Message;
            }
        }
        while (!failure.Contains("status code", StringComparison.Ordinal) && failure.Length > 0); // nginx may not listen yet.

        Assert.That(failure, refusal.Length == 0 ? Is.Empty : Does.Contain($"'{refusal}'"));
    }
}
