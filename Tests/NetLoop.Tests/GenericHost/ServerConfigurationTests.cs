using System.Text;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace NetLoop.Tests.GenericHost;

[Parallelizable]
public sealed class ServerConfigurationTests
{
    // Objects that only code can make, and what only raw protocols use, which need code too.
    private static readonly string[] CodeOnly =
    [
        "Authenticate", "Certificate", "ClientCertificateRoots", "ContractFingerprint", "Entropy", "Framer", "LoggerFactory",
        "Name", "Stack", "TimeProvider", "UsesText",
    ];

    [Test]
    public void Keys_OfEachClass_AreItsOptions()
    {
        Assert.Multiple(() =>
        {
            AreOptionsOf<NetServerOptions>([.. ServerConfiguration.Server.Names.Except(["Listeners"])]);
            AreOptionsOf<ListenOptions>([.. ServerConfiguration.Listener.Names.Except(["Endpoint", "TrustedProxies", "WebSocket"])]);
            AreOptionsOf<WebSocketOptions>([.. ServerConfiguration.WebSocket.Names.Except(["AllowedHosts", "AllowedOrigins", "Subprotocols"])]);
            AreOptionsOf<TlsServerOptions>([.. ServerConfiguration.Tls.Names.Except(["ApplicationProtocols", "Hosts"])]);
            AreOptionsOf<TlsCertificateOptions>([.. ServerConfiguration.Certificate.Names]);
            AreOptionsOf<RateLimitOptions>([.. ServerConfiguration.RateLimit.Names]);
            AreOptionsOf<DecodeLimits>([.. ServerConfiguration.DecodeLimit.Names]);
        });
    }

    [Test]
    public void Read_AppSettings_SetsTheOptions()
    {
        NetServerOptions options = ReadJson(
            """
            {
              "NetLoop": {
                "TickRate": 20,
                "handlermode": "dedicated",
                "DrainTimeout": "00:00:05",
                "MaxBufferBytes": 4294967296,
                "MinInputShare": 0.5,
                "Listeners": [
                  {
                    "Endpoint": "tcp://127.0.0.1:7001",
                    "IdleTimeout": "2m",
                    "RateLimit": { "MessagesPerSecond": 50, "HandlerTimePerSecond": "250ms" },
                    "DecodeLimits": { "MaxDepth": 8 }
                  },
                  { "Endpoint": "ws://127.0.0.1:7002", "WebSocket": { "AllowedOrigins": [ "https://a.example", "https://b.example" ], "AllowMissingOrigin": false } },
                  {
                    "Endpoint": "tls://127.0.0.1:7003",
                    "Tls": {
                      "CertificateFile": "/etc/game.pem",
                      "KeyFile": "/etc/game.key",
                      "ClientCertificates": "optional",
                      "ApplicationProtocols": [ "game/1" ],
                      "Hosts": { "*.game.example": { "CertificateFile": "/etc/other.pem" } }
                    }
                  },
                  { "Endpoint": "unix:///tmp/x.sock", "PingInterval": "0" }
                ]
              }
            }
            """);

        Assert.Multiple(() =>
        {
            Assert.That(options.TickRate, Is.EqualTo(20));
            Assert.That(options.HandlerMode, Is.EqualTo(HandlerMode.Dedicated));
            Assert.That(options.DrainTimeout, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(options.MaxBufferBytes, Is.EqualTo(1L << 32));
            Assert.That(options.MinInputShare, Is.EqualTo(0.5));
            Assert.That(options.Listeners.Select(listener => listener.Endpoint.ToUri()), Is.EqualTo(
                ["tcp://127.0.0.1:7001", "ws://127.0.0.1:7002/", "tls://127.0.0.1:7003", "unix:///tmp/x.sock"]));
            Assert.That(options.Listeners[0].IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(2)));
            Assert.That(options.Listeners[0].RateLimit!.MessagesPerSecond, Is.EqualTo(50));
            Assert.That(options.Listeners[0].RateLimit!.HandlerTimePerSecond, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
            Assert.That(options.Listeners[0].DecodeLimits.MaxDepth, Is.EqualTo(8));
            Assert.That(options.Listeners[0].DecodeLimits.MaxItems, Is.EqualTo(DecodeLimits.Default.MaxItems));
            Assert.That(options.Listeners[1].WebSocket.AllowedOrigins, Is.EqualTo(["https://a.example", "https://b.example"]));
            Assert.That(options.Listeners[1].WebSocket.AllowMissingOrigin, Is.False);
            TlsServerOptions tls = options.Listeners[2].Tls!;
            Assert.That((tls.CertificateFile, tls.KeyFile), Is.EqualTo(("/etc/game.pem", "/etc/game.key")));
            Assert.That(tls.ClientCertificates, Is.EqualTo(TlsClientCertificates.Optional));
            Assert.That(tls.ApplicationProtocols, Is.EqualTo(["game/1"]));
            Assert.That(tls.Hosts["*.game.example"].CertificateFile, Is.EqualTo("/etc/other.pem"));
            Assert.That(options.Listeners[3].PingInterval, Is.EqualTo(TimeSpan.Zero));
        });
    }

    [Test]
    public void Read_NoSection_LeavesTheDefaults()
    {
        NetServerOptions options = ReadJson("{}");
        Assert.That((options.TickRate, options.Listeners.Count), Is.EqualTo((60, 0)));
    }

    [TestCase("TickRate", "fast", "NetLoop:TickRate is 'fast'; allowed: a whole number, at most 2147483647.")]
    [TestCase("TickRate", "5000", "NetLoop:TickRate is 5000; allowed: 1 to 1000 ticks a second, or 0 for none.")]
    [TestCase("TickRat", "20", "NetLoop:TickRat is not an option. Options of NetLoop: AcceptAnyFingerprint, BufferDiagnostics, ")]
    [TestCase("TickRate:X", "20", "NetLoop:TickRate has keys or items of its own; allowed: a whole number, at most 2147483647.")]
    [TestCase("HandlerMode", "2", "NetLoop:HandlerMode is '2'; allowed: Loop, Dedicated.")]
    [TestCase("BufferDiagnostics", "yes", "NetLoop:BufferDiagnostics is 'yes'; allowed: true or false.")]
    [TestCase("DrainTimeout", "10", "NetLoop:DrainTimeout is '10'; allowed: a duration such as 500ms, 10s, 2m, 1h or 00:00:10.")]
    [TestCase("DrainTimeout", "0", "NetLoop:DrainTimeout is 00:00:00; allowed: more than zero.")]
    [TestCase("MinInputShare", "NaN", "NetLoop:MinInputShare is NaN; allowed: 0.01 to 0.9.")]
    [TestCase("Listeners:game:MaxBodyBytes", "1", "NetLoop:Listeners:game:Endpoint is missing; write tcp://0.0.0.0:7777, ")]
    [TestCase("Listeners:0:Endpoint", "7777x", "NetLoop:Listeners:0:Endpoint is '7777x': ")]
    public void Read_WrongValue_NamesTheKeyAndWhatIsAllowed(string key, string value, string message) =>
        Assert.That(() => Read(key, value), Throws.TypeOf<NetConfigurationException>().With.Message.StartsWith(message));

    [TestCase("MaxBodyBytes", "5", "NetLoop:Listeners:0:MaxBodyBytes is 5; allowed: 64 to 16777216 bytes.")]
    [TestCase("Backlog", "0", "NetLoop:Listeners:0:Backlog is 0; allowed: 1 to 65535.")]
    [TestCase("RateLimit:BytesPerSecond", "-1", "NetLoop:Listeners:0:RateLimit:BytesPerSecond is -1; allowed: 0 for no limit, or more.")]
    [TestCase("RateLimit:Bytes", "1", "NetLoop:Listeners:0:RateLimit:Bytes is not an option. Options of NetLoop:Listeners:0:RateLimit: ByteBurst, ")]
    [TestCase("DecodeLimits:MaxDepth", "900", "NetLoop:Listeners:0:DecodeLimits:MaxDepth is 900; give it a value from 0 to 500.")]
    [TestCase("WebSocket:MaxFragments", "0", "NetLoop:Listeners:0:WebSocket:MaxFragments is 0; allowed: 1 to 1048576.")]
    [TestCase("WebSocket:AllowedHosts", "a.example", "NetLoop:Listeners:0:WebSocket:AllowedHosts is 'a.example'; allowed: a list of texts.")]
    [TestCase("WebSocket:AllowedOrigins:0", "a.example/path", "NetLoop:Listeners:0:WebSocket:AllowedOrigins is 'a.example/path'; allowed: origins ")]
    [TestCase("TrustedProxies:0", "10.0.0.1/8", "NetLoop:Listeners:0:TrustedProxies is '10.0.0.1/8'; allowed: addresses ")]
    public void ReadListener_WrongValue_NamesTheKeyAndWhatIsAllowed(string key, string value, string message) => Assert.That(
        () => Read("Listeners:0:Endpoint", "tcp://127.0.0.1:1", $"Listeners:0:{key}", value),
        Throws.TypeOf<NetConfigurationException>().With.Message.StartsWith(message)
            .And.Property(nameof(NetConfigurationException.Key)).EqualTo(message[..message.IndexOf(" is ", StringComparison.Ordinal)]));

    [TestCase("500us", 0.5)]
    [TestCase("1.5s", 1500)]
    [TestCase("2m", 120_000)]
    [TestCase("1h", 3_600_000)]
    [TestCase("00:00:01.250", 1250)]
    public void Duration_InEachUnit_IsRead(string text, double milliseconds) =>
        Assert.That(Read("DrainTimeout", text).DrainTimeout, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    private static void AreOptionsOf<T>(string[] keys)
    {
        string[] options =
        [
            .. typeof(T).GetProperties().Where(property => property.SetMethod?.IsPublic == true).Select(property => property.Name).Except(CodeOnly)
        ];
        Assert.That(keys, Is.EquivalentTo(options), $"keys of {typeof(T).Name} in {nameof(ServerConfiguration)}");
    }

    private static NetServerOptions ReadJson(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return Read(new ConfigurationBuilder().AddJsonStream(stream).Build());
    }

    private static NetServerOptions Read(params string[] keysAndValues) => Read(new ConfigurationBuilder()
        .AddInMemoryCollection(keysAndValues.Chunk(2).Select(pair => KeyValuePair.Create($"NetLoop:{pair[0]}", (string?)pair[1])))
        .Build());

    private static NetServerOptions Read(IConfiguration configuration)
    {
        var options = new NetServerOptions();
        ServerConfiguration.Read(configuration.GetSection("NetLoop"), options);
        return options;
    }
}
