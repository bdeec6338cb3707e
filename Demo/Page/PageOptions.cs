using System.CommandLine;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Page;

/// <summary>The options of the live page.</summary>
internal sealed class PageOptions
{
    private static readonly NetEndpoint DefaultHttp = NetEndpoint.Tcp("127.0.0.1", 7778);
    private static readonly NetEndpoint DefaultWebSocket = NetEndpoint.Parse("ws://127.0.0.1:7780");

    private readonly Option<NetEndpoint?> _http = Addresses.One(
        "--page",
        $"Where the live page is served; a port alone means 127.0.0.1; port 0 lets the system choose [default: {DefaultHttp}]",
        "HOST:PORT",
        Addresses.ReadTcp);
    private readonly Option<NetEndpoint?> _webSocket = Addresses.One(
        "--ws", "The WebSocket address for the page's data and for other browsers [default: 127.0.0.1:7780]", "HOST:PORT", Addresses.ReadWebSocket);
    private readonly Option<string[]> _origins = Addresses.Origins(
        "Another address at which browsers reach the page, such as that of a proxy; may be repeated");
    private readonly Option<bool> _none = new("--no-page") { Description = "Do not serve the page or WebSocket" };
    private readonly CertificateOptions _certificate;
    private readonly Option<bool> _control = new("--control-from-anywhere")
    {
        Description = "Accept the page's controls from other machines as well",
    };

    /// <summary>Adds the options to a command.</summary>
    public PageOptions(Command command)
    {
        command.Options.Add(_http);
        command.Options.Add(_webSocket);
        command.Options.Add(_origins);
        command.Options.Add(_none);
        command.Options.Add(_control);
        _certificate = new CertificateOptions(command, "Serve the page by https and its data by wss, with the certificate in this PEM file");
    }

    /// <summary>Returns the settings; null if there should be no page.</summary>
    /// <exception cref="MistakeException">The options contradict each other.</exception>
    public PageSettings? Read(ParseResult parsed)
    {
        NetEndpoint? http = parsed.GetValue(_http);
        NetEndpoint? webSocket = parsed.GetValue(_webSocket);
        string[] origins = parsed.GetValue(_origins) ?? [];
        bool control = parsed.GetValue(_control);
        TlsServerOptions? certificate = _certificate.Read(parsed);
        if (!parsed.GetValue(_none))
        {
            NetEndpoint data = webSocket ?? DefaultWebSocket;
            return new PageSettings(http ?? DefaultHttp, certificate is null ? data : data.Encrypted(), origins, control) { Certificate = certificate };
        }

        return http is null && webSocket is null && origins.Length == 0 && !control && certificate is null
            ? null
            : throw new MistakeException("--no-page goes with none of --page, --ws, --origin, --certificate and --control-from-anywhere; leave one out");
    }
}
