using System.CommandLine;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Tokens;

namespace NetLoop.Demo.Server;

/// <summary>The options of commands that start servers.</summary>
internal sealed class ServerOptions
{
    private readonly Option<NetEndpoint[]> _tcp = Addresses.ManyTcp(
        "Listen on TCP; may be repeated; a port alone listens on 127.0.0.1; port 0 lets the system choose "
            + $"[default: {Addresses.Default}, unless another address is given]");
    private readonly Option<NetEndpoint[]> _webSocket = Addresses.ManyWebSocket();
    private readonly Option<NetEndpoint[]> _tls = Addresses.ManyTls();
    private readonly Option<NetEndpoint[]> _secureWebSocket = Addresses.ManySecureWebSocket();
    private readonly Option<NetEndpoint[]> _udp = Addresses.ManyUdp(
        "--udp",
        "Listen on UDP, always encrypted; clients get their connect token over TCP on the same port; may be repeated");

    private readonly Option<string?> _udpKey = new("--udp-key")
    {
        Description = "With --udp: also accept connect tokens that 'netloop token' or another program made with the key in this file",
        HelpName = "FILE",
    };

    private readonly Option<NetEndpoint[]> _udpPublic = Addresses.ManyUdp(
        "--udp-public",
        "With --udp: the address that connect tokens name, if clients reach the listener at another one: through a NAT or 'netloop relay'");

    private readonly CertificateOptions _certificate;
    private readonly Option<string[]> _origins = Addresses.Origins(
        "With --ws and --wss: only pages of this origin may connect, such as https://game.example; may be repeated");
    private readonly Option<NetEndpoint?> _unix = Addresses.Unix();
    private readonly Option<PollerKind> _poller = OptionFactory.Word(
        "--poller",
        "Which system call waits for readiness [default: the best of the platform]",
        ("epoll", PollerKind.Epoll),
        ("poll", PollerKind.Poll),
        ("select", PollerKind.Select));

    private readonly Option<HandlerMode> _handlers = OptionFactory.Word(
        "--handlers",
        "Run handlers and ticks on the network thread or on their own thread [default: loop]",
        ("loop", HandlerMode.Loop),
        ("dedicated", HandlerMode.Dedicated));

    private readonly Option<TickPrecision> _tickPrecision = TickPrecisionOption();
    private readonly Option<int> _spin = OptionFactory.Integer(
        "--spin",
        "Busy-poll this many microseconds after activity: lower latency, more CPU",
        0,
        min: 0,
        max: 10_000);

    /// <summary>Adds the options to a command.</summary>
    public ServerOptions(Command command)
    {
        command.Options.Add(_tcp);
        command.Options.Add(_tls);
        command.Options.Add(_udp);
        command.Options.Add(_udpKey);
        command.Options.Add(_udpPublic);
        command.Options.Add(_webSocket);
        command.Options.Add(_secureWebSocket);
        _certificate = new CertificateOptions(command, "With --tls and --wss: the certificate, as a PEM file, followed by those of its authorities");
        command.Options.Add(_origins);
        command.Options.Add(_unix);
        command.Options.Add(_poller);
        command.Options.Add(_handlers);
        command.Options.Add(_tickPrecision);
        command.Options.Add(_spin);
    }

    /// <summary>The option for the number of ticks a second.</summary>
    public static Option<int> TickRate() => OptionFactory.Integer("--tick-rate", "Steps a second", ServerSettings.DefaultTickRate, min: 1, max: 1_000);

    /// <summary>The option for how a server waits for its ticks.</summary>
    public static Option<TickPrecision> TickPrecisionOption() => OptionFactory.Word(
        "--tick-precision",
        "How precisely ticks start: 'always' is to the microsecond, at up to 3% of a core; 'connected' does so only while clients are connected; "
            + "'saving' takes the least CPU [default: connected]",
        ("connected", TickPrecision.WhileConnected),
        ("always", TickPrecision.Always),
        ("saving", TickPrecision.Saving));

    /// <summary>The settings from the command line, with defaults for what it leaves out.</summary>
    /// <exception cref="MistakeException">
    /// There are origins without a listener for pages, only one of a certificate and a listener with TLS, or a key or public address without a UDP listener.
    /// </exception>
    public ServerSettings Read(ParseResult parsed)
    {
        string[]? origins = parsed.GetValue(_origins);
        List<NetEndpoint> endpoints =
        [
            .. parsed.GetValue(_tcp) ?? [],
            .. parsed.GetValue(_tls) ?? [],
            .. parsed.GetValue(_udp) ?? [],
            .. parsed.GetValue(_webSocket) ?? [],
            .. parsed.GetValue(_secureWebSocket) ?? [],
        ];
        if (origins is { Length: > 0 } && !endpoints.Any(endpoint => endpoint.IsWebSocket))
        {
            throw new MistakeException("--origin says which pages may connect by --ws; write --ws HOST:PORT too");
        }

        TlsServerOptions? certificate = _certificate.Read(parsed);
        bool isEncrypted = endpoints.Any(endpoint => endpoint.IsEncrypted);
        if (isEncrypted && certificate is null)
        {
            throw new MistakeException(
                "--tls and --wss need --certificate FILE and --key FILE; 'netloop certificate --out DIR' makes both for this machine");
        }

        if (!isEncrypted && certificate is not null)
        {
            throw new MistakeException("--certificate is for --tls and --wss; write --tls HOST:PORT too");
        }

        string? key = parsed.GetValue(_udpKey);
        if (key is not null && !endpoints.Any(endpoint => endpoint.Transport == TransportKind.Udp))
        {
            throw new MistakeException("--udp-key is for --udp; write --udp HOST:PORT too");
        }

        NetEndpoint[] publicAddresses = parsed.GetValue(_udpPublic) ?? [];
        if (publicAddresses.Length > 0 && endpoints.Count(endpoint => endpoint.Transport == TransportKind.Udp) != 1)
        {
            throw new MistakeException("--udp-public says how clients reach the one --udp listener; write one --udp HOST:PORT too");
        }

        if (publicAddresses.Any(address => !address.IsResolved || address.Port == 0))
        {
            throw new MistakeException("--udp-public: a connect token has room for IP addresses with a port, such as 203.0.113.7:7777");
        }

        if (parsed.GetValue(_unix) is { } unix)
        {
            endpoints.Add(unix);
        }

        if (endpoints.Count == 0)
        {
            endpoints.Add(Addresses.Default);
        }

        return new ServerSettings(
            endpoints,
            Origins: origins,
            Certificate: certificate,
            UdpKey: key is null ? null : TokenFiles.ReadKey("--udp-key", key),
            UdpPublic: publicAddresses,
            Poller: parsed.GetValue(_poller),
            HandlerMode: parsed.GetValue(_handlers),
            TickPrecision: parsed.GetValue(_tickPrecision),
            SpinTime: TimeSpan.FromMicroseconds(parsed.GetValue(_spin)));
    }
}
