#pragma warning disable CA5359 // The certificates are those of the test.

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetLoop.Demo.Certificates;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>TLS with real sockets: who trusts whom, which certificate is shown, and how connections end.</summary>
public sealed class TlsTests
{
    private readonly X509Certificate2 _certificate = DevelopmentCertificate.Create("game.example");
    private NetServer _server = null!;
    private ListenOptions _listener = null!;

    [TearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await TestHost.StopAndCheckAsync(_server);
        }
    }

    [OneTimeTearDown]
    public void Dispose() => _certificate.Dispose();

    [Test]
    public void ConnectAsync_NobodyTrusts_NamesTheCause()
    {
        Start();
        NetConnectException? failure = Assert.ThrowsAsync<NetConnectException>(() => TestHost.ConnectAsync(_server));
        Assert.That(failure!.Message, Does.Contain("tls://127.0.0.1:").And.Contains("UntrustedRoot").And.Contains("Tls.TrustedRoots"));
        Assert.That((failure.Status, failure.Reason), Is.EqualTo((SocketStatus.ProtocolError, CloseReason.TransportError)));
    }

    [Test]
    public void ConnectAsync_CertificateOfAnotherHost_NamesBoth()
    {
        Start();
        NetConnectException? failure = Assert.ThrowsAsync<NetConnectException>(() => ConnectAsync(o => o.Tls.HostName = "other.example"));
        Assert.That(failure!.Message, Does.Contain("other.example").And.Contains("game.example"));
    }

    [Test]
    public async Task ConnectAsync_HostNameOfTheOptions_IsCheckedAndSent()
    {
        TlsPeer? seen = null;
        Start(o => o.Authenticate = (request, _) =>
        {
            seen = request.Tls;
            return ValueTask.FromResult(AuthenticationResult.Accept());
        });
        await using NetClient client = await ConnectAsync(o => o.Tls.HostName = "game.example");
        Assert.That(seen!.HostName, Is.EqualTo("game.example"));
        Assert.That(seen.Protocol, Is.EqualTo("TLS 1.3"));
        Assert.That(seen.CipherSuite, Does.StartWith("TLS_"));
        Assert.That(seen.Certificate, Is.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ConnectAsync_PinnedKey_MustBeTheServers(bool isPinned)
    {
        Start();
        using DevelopmentKey other = new();
        X509Certificate2 pinned = isPinned ? _certificate : other.Certificate;
        string hash = Convert.ToBase64String(SHA256.HashData(pinned.PublicKey.ExportSubjectPublicKeyInfo()));
        if (isPinned)
        {
            await using NetClient client = await ConnectAsync(o => o.Tls.PinnedKeys.Add(hash));
            return;
        }

        NetConnectException? failure = Assert.ThrowsAsync<NetConnectException>(() => ConnectAsync(o => o.Tls.PinnedKeys.Add(hash)));
        Assert.That(failure!.Message, Does.Contain("Tls.PinnedKeys"));
    }

    [TestCase("red.example", "red.example")]
    [TestCase("a.blue.example", "*.blue.example")]
    [TestCase("b.a.blue.example", "")]
    [TestCase("game.example", "")]
    public async Task Hosts_NameOfTheClient_SelectsTheCertificate(string asked, string expected)
    {
        using X509Certificate2 red = DevelopmentCertificate.Create("red.example");
        using X509Certificate2 blue = DevelopmentCertificate.Create("*.blue.example");
        Start(configureTls: tls =>
        {
            tls.Hosts["red.example"] = new TlsCertificateOptions { Certificate = red };
            tls.Hosts["*.blue.example"] = new TlsCertificateOptions { Certificate = blue };
        });
        X509Certificate2 wanted = expected switch { "red.example" => red, "*.blue.example" => blue, _ => _certificate };
        using SslStream stream = await RawClientAsync(asked);
        Assert.That(stream.RemoteCertificate!.GetCertHashString(), Is.EqualTo(wanted.GetCertHashString()));
    }

    [TestCase(TlsClientCertificates.None, false, true)]
    [TestCase(TlsClientCertificates.Optional, false, true)]
    [TestCase(TlsClientCertificates.Optional, true, true)]
    [TestCase(TlsClientCertificates.Required, false, false)]
    [TestCase(TlsClientCertificates.Required, true, true)]
    public async Task ClientCertificates_AsTheListenerAsks_ReachTheAuthenticator(TlsClientCertificates mode, bool hasCertificate, bool isServed)
    {
        using DevelopmentKey player = new(isForClients: true);
        TlsPeer? seen = null;
        Start(
            o => o.Authenticate = (request, _) =>
            {
                seen = request.Tls;
                return ValueTask.FromResult(AuthenticationResult.Accept());
            },
            tls =>
            {
                tls.ClientCertificates = mode;
                tls.ClientCertificateRoots = [player.Root];
            });
        Task<NetClient> connecting = ConnectAsync(o => o.Tls.Certificate = hasCertificate ? player.Certificate : null);
        if (!isServed)
        {
            Assert.ThrowsAsync<NetConnectException>(() => connecting);
            return;
        }

        await using NetClient client = await connecting;
        Assert.That(
            seen!.Certificate?.Subject,
            Is.EqualTo(hasCertificate && mode != TlsClientCertificates.None ? player.Certificate.Subject : null));
    }

    [Test]
    public async Task ClientCertificates_IssuedBySomebodyElse_IsRejected()
    {
        using DevelopmentKey player = new(isForClients: true);
        using DevelopmentKey stranger = new(isForClients: true);
        Start(configureTls: tls =>
        {
            tls.ClientCertificates = TlsClientCertificates.Optional;
            tls.ClientCertificateRoots = [player.Root];
        });
        Assert.ThrowsAsync<NetConnectException>(() => ConnectAsync(o => o.Tls.Certificate = stranger.Certificate));
        await using NetClient client = await ConnectAsync(o => o.Tls.Certificate = player.Certificate);
    }

    [Test]
    public async Task ApplicationProtocols_BothSides_AgreeOnTheServersFirst()
    {
        TlsPeer? seen = null;
        Start(
            o => o.Authenticate = (request, _) =>
            {
                seen = request.Tls;
                return ValueTask.FromResult(AuthenticationResult.Accept());
            },
            tls =>
            {
                tls.ApplicationProtocols.Add("game/2");
                tls.ApplicationProtocols.Add("game/1");
            });
        await using NetClient client = await ConnectAsync(o =>
        {
            o.Tls.ApplicationProtocols.Add("game/1");
            o.Tls.ApplicationProtocols.Add("game/2");
        });
        Assert.That(seen!.ApplicationProtocol, Is.EqualTo("game/2"));
        Assert.ThrowsAsync<NetConnectException>(() => ConnectAsync(o => o.Tls.ApplicationProtocols.Add("chess")));
    }

    [Test]
    public async Task ReloadIfChanged_NewFiles_AreForNewConnectionsOnly()
    {
        string folder = Directory.CreateTempSubdirectory("netloop-").FullName;
        try
        {
            (string certificateFile, string keyFile) = DevelopmentCertificate.Write(folder);
            _server = TestHost.CreateServer(o => o.ListenTls("127.0.0.1", 0, certificateFile, keyFile, l => _listener = l));
            _server.OnRequest<Divide, Quotient>((session, divide) => new Quotient(divide.Value / divide.By));
            _server.Start();
            X509Certificate2 first = X509CertificateLoader.LoadCertificateFromFile(certificateFile);
            await using NetClient before = await TestHost.ConnectAsync(_server, o => o.Tls.TrustedRoots = [first]);

            DevelopmentCertificate.Write(folder);
            NetLoop.Transports.Tls.TlsServer tls = _listener.TlsServer!;
            Assert.That(tls.ReloadIfChanged(), Is.True);
            Assert.That(tls.ReloadIfChanged(), Is.False);
            X509Certificate2 second = X509CertificateLoader.LoadCertificateFromFile(certificateFile);
            await using NetClient after = await TestHost.ConnectAsync(_server, o => o.Tls.TrustedRoots = [second]);
            Assert.ThrowsAsync<NetConnectException>(() => TestHost.ConnectAsync(_server, o => o.Tls.TrustedRoots = [first]));
            Assert.That((await before.RequestAsync(new Divide(6, 2))).Value, Is.EqualTo(3));

            await File.WriteAllTextAsync(keyFile, "not a key");
            ArgumentException? failure = Assert.Throws<ArgumentException>(() => tls.ReloadIfChanged());
            Assert.That(failure!.Message, Does.Contain(keyFile));
            File.Delete(keyFile);
            Assert.Throws<ArgumentException>(() => tls.ReloadIfChanged());
            await using NetClient still = await TestHost.ConnectAsync(_server, o => o.Tls.TrustedRoots = [second]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task ReloadInterval_Longest_IsStillAnInterval()
    {
        string folder = Directory.CreateTempSubdirectory("netloop-").FullName;
        (string certificateFile, string keyFile) = DevelopmentCertificate.Write(folder);
        await using NetServer server = TestHost.CreateServer(o => o.ListenTls("127.0.0.1", 0, certificateFile, keyFile, l =>
        {
            _listener = l;
            l.Tls!.ReloadInterval = TimeSpan.MaxValue;
        }));
        Assert.That(_listener.TlsServer!.ReloadInterval, Is.GreaterThan(TimeSpan.TicksPerDay * 100));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Start_CertificateFileMissing_NamesIt()
    {
        NetServer server = TestHost.CreateServer(o => o.ListenTls("127.0.0.1", 0, "/nowhere/game.pem", "/nowhere/game.key"));
        NetListenException? failure = Assert.Throws<NetListenException>(server.Start);
        Assert.That(failure!.Message, Does.Contain("/nowhere/game.pem"));
    }

    [Test]
    public void Listen_TlsWithoutCertificate_IsAMistakeOfTheOptions() => Assert.That(
        () => TestHost.CreateServer(o => o.Listen(NetEndpoint.Tls("127.0.0.1", 0))),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("tls://127.0.0.1:0"));

    [Test]
    public async Task Receive_NoTls_EndsTheConnectionAsMalformed()
    {
        Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Endpoints[0].Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        await ReadToEndAsync(client.GetStream());
        await ClosedAsync(CloseReason.Malformed);
    }

    [TestCase(true, CloseReason.Normal)]
    [TestCase(false, CloseReason.Truncated)]
    public async Task EndOfStream_WithAndWithoutCloseNotify_IsTold(bool isAnnounced, CloseReason expected)
    {
        Start(configure: null, configureListener: l => l.Hello = HelloMode.None);
        var closed = new TaskCompletionSource<CloseReason>();
        _server.OnClosed((_, info) => closed.TrySetResult(info.Reason));
        SslStream stream = await RawClientAsync("localhost", out Socket socket);
        if (isAnnounced)
        {
            await stream.ShutdownAsync();
        }

        socket.Shutdown(SocketShutdown.Send);
        Assert.That(await closed.Task.WaitAsync(TestHost.Patience), Is.EqualTo(expected));
        await stream.DisposeAsync();
    }

    [Test]
    public async Task Close_ByTheServer_IsAnnouncedByCloseNotify()
    {
        Start(configure: null, configureListener: l => l.Hello = HelloMode.None);
        _server.OnOpened(session => session.Close());
        using SslStream stream = await RawClientAsync("localhost");
        byte[] buffer = new byte[1_000];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            Assert.That(count, Is.GreaterThan(0), "Goodbye");
        }
    }

    [Test]
    public async Task StopAsync_DuringAHandshake_EndsTheConnection()
    {
        Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Endpoints[0].Port);
        await client.GetStream().WriteAsync(new byte[] { 22, 3, 1, 1 });
        while (_server.GetStatistics().Connections == 0)
        {
            await Task.Yield();
        }

        await _server.StopAsync().WaitAsync(TestHost.Patience);
        Assert.That(_server.GetStatistics().Connections, Is.Zero);
    }

    private static async Task ReadToEndAsync(Stream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[100]) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    private async Task ClosedAsync(CloseReason reason)
    {
        while (_server.GetStatistics().ClosedByReason.GetValueOrDefault(reason) == 0)
        {
            await Task.Yield();
        }
    }

    private void Start(
        Action<NetServerOptions>? configure = null, Action<TlsServerOptions>? configureTls = null, Action<ListenOptions>? configureListener = null)
    {
        _server = TestHost.CreateServer(o =>
        {
            o.ListenTcp("127.0.0.1", 0, l =>
            {
                l.Tls = new TlsServerOptions { Certificate = _certificate };
                configureTls?.Invoke(l.Tls);
                configureListener?.Invoke(l);
            });
            configure?.Invoke(o);
        });
        _server.Start();
    }

    private Task<NetClient> ConnectAsync(Action<NetClientOptions> configure) => TestHost.ConnectAsync(_server, o =>
    {
        o.Tls.TrustedRoots = [_certificate];
        configure(o);
    });

    private Task<SslStream> RawClientAsync(string host) => RawClientAsync(host, out _);

    private Task<SslStream> RawClientAsync(string host, out Socket socket)
    {
        var connected = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket = connected;
        return HandshakeAsync();

        async Task<SslStream> HandshakeAsync()
        {
            await connected.ConnectAsync(IPAddress.Loopback, _server.Endpoints[0].Port);
            var stream = new SslStream(new NetworkStream(connected, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host,
                EnabledSslProtocols = SslProtocols.Tls12,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            }).WaitAsync(TestHost.Patience);
            return stream;
        }
    }

    /// <summary>A certificate of a client, which is its own authority.</summary>
    private sealed class DevelopmentKey : IDisposable
    {
        public DevelopmentKey(bool isForClients = false)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN=player {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
            if (isForClients)
            {
                request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
            }

            Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
            Root = X509CertificateLoader.LoadCertificate(Certificate.RawData);
        }

        public X509Certificate2 Certificate { get; }

        public X509Certificate2 Root { get; }

        public void Dispose()
        {
            Certificate.Dispose();
            Root.Dispose();
        }
    }
}
