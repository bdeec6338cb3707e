using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Server;

/// <summary>The options of commands that are servers.</summary>
internal sealed class ServerOptions
{
    private readonly Option<NetEndpoint[]> _tcp = Addresses.ManyTcp($"Listen on TCP; may be repeated; port 0 lets the system choose [default: {Addresses.Default}, unless --ws or --unix is given]");
    private readonly Option<NetEndpoint[]> _webSocket = Addresses.ManyWebSocket();
    private readonly Option<NetEndpoint?> _unix = Addresses.Unix();
    private readonly Option<PollerKind> _poller = OptionFactory.Word(
        "--poller",
        "Which system call waits for readiness [default: the best of the platform]",
        ("epoll", PollerKind.Epoll),
        ("poll", PollerKind.Poll),
        ("select", PollerKind.Select));

    private readonly Option<HandlerMode> _handlers = OptionFactory.Word(
        "--handlers",
        "Run handlers and ticks on the network's thread or on a thread of their own [default: loop]",
        ("loop", HandlerMode.Loop),
        ("dedicated", HandlerMode.Dedicated));

    /// <summary>Adds the options to a command.</summary>
    public ServerOptions(Command command)
    {
        command.Options.Add(_tcp);
        command.Options.Add(_webSocket);
        command.Options.Add(_unix);
        command.Options.Add(_poller);
        command.Options.Add(_handlers);
    }

    /// <summary>The option that says how many steps a second a server makes.</summary>
    public static Option<int> TickRate() => OptionFactory.Integer("--tick-rate", "Steps a second", ServerSettings.DefaultTickRate, min: 1, max: 1_000);

    /// <summary>What was written, with defaults for the rest.</summary>
    public ServerSettings Read(ParseResult parsed)
    {
        List<NetEndpoint> endpoints = [.. parsed.GetValue(_tcp) ?? [], .. parsed.GetValue(_webSocket) ?? []];
        if (parsed.GetValue(_unix) is { } unix)
        {
            endpoints.Add(unix);
        }

        if (endpoints.Count == 0)
        {
            endpoints.Add(Addresses.Default);
        }

        return new ServerSettings(endpoints, Poller: parsed.GetValue(_poller), Handlers: parsed.GetValue(_handlers));
    }
}
