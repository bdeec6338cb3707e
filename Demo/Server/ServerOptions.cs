using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Server;

/// <summary>The options of commands that are servers.</summary>
internal sealed class ServerOptions
{
    private readonly Option<NetEndpoint[]> _tcp = Addresses.ManyTcp(
        "Listen on TCP; may be repeated; a port alone listens on 127.0.0.1; port 0 lets the system choose "
            + $"[default: {Addresses.Default}, unless --ws or --unix is given]");
    private readonly Option<NetEndpoint[]> _webSocket = Addresses.ManyWebSocket();
    private readonly Option<string[]> _origins = Addresses.Origins(
        "With --ws: only pages of this origin may connect, such as https://game.example; may be repeated");
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
        command.Options.Add(_webSocket);
        command.Options.Add(_origins);
        command.Options.Add(_unix);
        command.Options.Add(_poller);
        command.Options.Add(_handlers);
        command.Options.Add(_tickPrecision);
        command.Options.Add(_spin);
    }

    /// <summary>The option that says how many steps a second a server makes.</summary>
    public static Option<int> TickRate() => OptionFactory.Integer("--tick-rate", "Steps a second", ServerSettings.DefaultTickRate, min: 1, max: 1_000);

    /// <summary>The option that says how a server waits for its steps.</summary>
    public static Option<TickPrecision> TickPrecisionOption() => OptionFactory.Word(
        "--tick-precision",
        "How precisely ticks start: 'always' is to the microsecond, at up to 3% of a core; 'connected' does so only while clients are connected; "
            + "'saving' takes the least CPU [default: connected]",
        ("connected", TickPrecision.WhileConnected),
        ("always", TickPrecision.Always),
        ("saving", TickPrecision.Saving));

    /// <summary>What was written, with defaults for the rest.</summary>
    /// <exception cref="MistakeException">Origins are named, and no listener for pages.</exception>
    public ServerSettings Read(ParseResult parsed)
    {
        string[]? origins = parsed.GetValue(_origins);
        if (origins is { Length: > 0 } && parsed.GetValue(_webSocket) is not { Length: > 0 })
        {
            throw new MistakeException("--origin says which pages may connect by --ws; write --ws HOST:PORT too");
        }

        List<NetEndpoint> endpoints = [.. parsed.GetValue(_tcp) ?? [], .. parsed.GetValue(_webSocket) ?? []];
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
            Poller: parsed.GetValue(_poller),
            HandlerMode: parsed.GetValue(_handlers),
            TickPrecision: parsed.GetValue(_tickPrecision),
            SpinTime: TimeSpan.FromMicroseconds(parsed.GetValue(_spin)));
    }
}
