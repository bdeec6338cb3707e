using System.CommandLine;
using NetLoop.Demo.Page;

namespace NetLoop.Demo.CommandLine;

/// <summary>The options for the addresses to listen on and to connect to.</summary>
internal static class Addresses
{
    /// <summary>The address on which servers listen and to which clients connect by default.</summary>
    public static readonly NetEndpoint Default = NetEndpoint.Tcp("127.0.0.1", 7777);

    /// <summary>Makes <c>--tcp</c>.</summary>
    public static Option<NetEndpoint?> Tcp(string description) => One("--tcp", description, "HOST:PORT", ReadTcp);

    /// <summary>Makes <c>--unix</c>.</summary>
    public static Option<NetEndpoint?> Unix() =>
        One("--unix", "Listen on a Unix socket; a leftover socket file is replaced", "PATH", path => NetEndpoint.Parse($"unix:{path}"));

    /// <summary>Makes <c>--connect</c>.</summary>
    public static Option<NetEndpoint?> Connect()
    {
        Option<NetEndpoint?> option = One(
            "--connect",
            "The server to connect to; a port alone means 127.0.0.1",
            "tcp://HOST:PORT|tls://HOST:PORT|udp://HOST:PORT|ws://HOST:PORT|wss://HOST:PORT|unix://PATH",
            ReadRemote);
        option.Required = true;
        return option;
    }

    /// <summary>Creates <c>--host</c>: an address without a port, which another option gives. Null if it is not written.</summary>
    public static Option<NetEndpoint?> Host(string description, string defaultHost) =>
        One("--host", $"{description} [default: {defaultHost}]", "ADDRESS", ReadHost);

    /// <summary>The endpoint of <c>--host</c> and <c>--port</c>.</summary>
    public static NetEndpoint At(this ParseResult parsed, Option<NetEndpoint?> host, string defaultHost, Option<int> port) =>
        (parsed.GetValue(host) ?? ReadHost(defaultHost)).WithPort(parsed.GetValue(port));

    /// <summary>Creates <c>--tcp</c>, which may be written several times.</summary>
    public static Option<NetEndpoint[]> ManyTcp(string description) => Many("--tcp", description, ReadTcp);

    /// <summary>Creates an option for UDP addresses, which may be written several times.</summary>
    public static Option<NetEndpoint[]> ManyUdp(string name, string description) => Many(
        name,
        description,
        ReadUdp);

    /// <summary>Creates a required option for a UDP address.</summary>
    public static Option<NetEndpoint?> Udp(string name, string description)
    {
        Option<NetEndpoint?> option = One(name, description, "HOST:PORT", ReadUdp);
        option.Required = true;
        return option;
    }

    /// <summary>Creates <c>--ws</c>, which may be written several times.</summary>
    public static Option<NetEndpoint[]> ManyWebSocket() =>
        Many("--ws", "Listen on WebSocket, for browsers; may be repeated", ReadWebSocket);

    /// <summary>Creates <c>--tls</c>, which may be written several times.</summary>
    public static Option<NetEndpoint[]> ManyTls() =>
        Many("--tls", "Listen on TCP, encrypted by TLS with --certificate; may be repeated", text => ReadTcp(text).Encrypted());

    /// <summary>Creates <c>--wss</c>, which may be written several times.</summary>
    public static Option<NetEndpoint[]> ManySecureWebSocket() =>
        Many("--wss", "Listen on WebSocket, encrypted by TLS with --certificate; may be repeated", text => ReadWebSocket(text).Encrypted());

    /// <summary>Creates <c>--origin</c>, which may be written several times.</summary>
    public static Option<string[]> Origins(string description) => new("--origin")
    {
        Description = description,
        HelpName = "ORIGIN",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result => [.. result.Tokens.Select(token => OptionFactory.Try(result, "--origin", () => PageOrigins.Read(token.Value))!)],
    };

    public static Option<NetEndpoint?> One(string name, string description, string form, Func<string, NetEndpoint> read) => new(name)
    {
        Description = description,
        HelpName = form,
        CustomParser = result => OptionFactory.Try<NetEndpoint?>(result, name, () => read(OptionFactory.Text(result))),
    };

    private static Option<NetEndpoint[]> Many(string name, string description, Func<string, NetEndpoint> read) => new(name)
    {
        Description = description,
        HelpName = "HOST:PORT",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result => [.. result.Tokens.Select(token => OptionFactory.Try(result, name, () => read(token.Value)))],
    };

    /// <summary>Reads a WebSocket address to listen on; a bare port means 127.0.0.1.</summary>
    public static NetEndpoint ReadWebSocket(string text)
    {
        NetEndpoint endpoint = NetEndpoint.Parse(text.Contains("://", StringComparison.Ordinal) ? text : $"ws://{WithHost(text)}");
        return endpoint is { IsWebSocket: true, Path: "/" }
            ? endpoint
            : throw new FormatException($"'{text}' is not a WebSocket address: write HOST:PORT, for example 127.0.0.1:7780.");
    }

    /// <summary>Reads a TCP address to listen on; a bare port means 127.0.0.1.</summary>
    public static NetEndpoint ReadTcp(string text)
    {
        NetEndpoint endpoint = NetEndpoint.Parse(WithHost(text));
        return endpoint is { Transport: TransportKind.Tcp, Scheme: EndpointScheme.Plain }
            ? endpoint
            : throw new FormatException($"'{text}' is not a TCP address: write HOST:PORT, for example {Default}.");
    }

    private static NetEndpoint ReadUdp(string text) =>
        ReadTcp(text.StartsWith("udp://", StringComparison.Ordinal) ? text["udp://".Length..] : text).AsUdp();

    // For 7800 and :7800. A port alone means this machine; to listen on all interfaces, write 0.0.0.0:7800.
    private static string WithHost(string text)
    {
        string port = text.StartsWith(':') ? text[1..] : text;
        return port.Length > 0 && port.All(char.IsAsciiDigit) ? $"127.0.0.1:{port}" : text;
    }

    private static NetEndpoint ReadHost(string text) => NetEndpoint.Parse(text.Contains(':', StringComparison.Ordinal) ? $"[{text}]:0" : $"{text}:0");

    private static NetEndpoint ReadRemote(string text)
    {
        NetEndpoint endpoint = NetEndpoint.Parse(WithHost(text));
        return endpoint is { Transport: TransportKind.Tcp or TransportKind.Udp, Port: 0 }
            ? throw new FormatException("Nobody can listen on port 0: write the port that the server prints.")
            : endpoint;
    }
}
