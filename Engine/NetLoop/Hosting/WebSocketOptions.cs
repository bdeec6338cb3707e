using System.Text;
using NetLoop.Framing.WebSockets;
using NetLoop.Sessions;
using NetLoop.Stack;
using NetLoop.Transports;
using NetLoop.Transports.WebSockets;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Options of a WebSocket listener, in addition to <see cref="SessionOptions"/>.</summary>
public sealed class WebSocketOptions
{
    /// <summary>Number of pongs that may be pending. Of the pings that arrive in one iteration only the latest gets a pong, as RFC 6455 allows.</summary>
    private const int MaxPendingPongs = 1;

    private const int MaxFragmentsOfAnything = 1 << 20;

    /// <summary>
    /// Origins of pages that may connect, such as <c>https://example.org</c> or <c>http://localhost:5000</c>. If empty, pages from the host that the
    /// browser connected to may connect, on any port; on a loopback address, every page from this machine.
    /// </summary>
    /// <remarks>
    /// Browsers send the true origin of a page, together with the user's cookies, so this list keeps pages of other sites out. List your origins: without
    /// the list, a listener that is not on a loopback address also accepts pages from any other host name that resolves to it (DNS rebinding). Some programs
    /// send an origin without a scheme, such as <c>127.0.0.1</c>; list it in that form. Case, default ports (<c>https://example.org:443</c>) and one slash at
    /// the end make no difference; an entry that is not an origin is rejected when the server is created. The hosts of the origins are served as if they were
    /// in <see cref="AllowedHosts"/>.
    /// </remarks>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Hosts that requests may name, in addition to those of <see cref="AllowedOrigins"/>: names or addresses without a port, such as <c>game.example</c> or
    /// <c>[2001:db8::1]</c>.
    /// </summary>
    /// <remarks>
    /// A listener on a loopback address serves these hosts and the loopback hosts (127.0.0.0/8, [::1], localhost and the names below it); a request for
    /// another host gets HTTP 421. The list is needed behind a proxy on the same machine that forwards the browser's Host header. A listener on another
    /// address serves every host if the list is empty, and otherwise only the hosts in it.
    /// </remarks>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Whether a client without an origin may connect. Browsers always send one; other clients usually do not.</summary>
    public bool AllowMissingOrigin { get; set; } = true;

    /// <summary>
    /// The subprotocols that the listener speaks. The server chooses the first of the client's offers that is in this list. At most 16 names with 4,096
    /// bytes in total.
    /// </summary>
    /// <remarks>
    /// The response names the server's choice, which is <see cref="Session.Subprotocol"/> on both sides. When the client offers none of these, or the list
    /// is empty, the response names none; a browser then closes the connection if the page had offered any. A page that passes a token as a subprotocol
    /// (<c>new WebSocket(url, ["game", token])</c>) must therefore also offer a name from this list; the authenticator reads the token from the header
    /// <c>Sec-WebSocket-Protocol</c> of <see cref="AuthenticationRequest.Upgrade"/>.
    /// </remarks>
    public IList<string> Subprotocols { get; } = [];

    /// <summary>Whether a client that offers none of <see cref="Subprotocols"/> is rejected, with HTTP 400.</summary>
    public bool RequireSubprotocol { get; set; }

    /// <summary>
    /// The path at which plain HTTP requests (GET and HEAD) get the server's health, such as <c>/healthz</c>: 200, or 503 while the server is stopping or full.
    /// Null, the default, for none.
    /// </summary>
    /// <remarks>
    /// The request needs neither a Host nor an Origin header, and the response reveals nothing else. A server that is stopping closes its listeners first, so
    /// most health checks then cannot connect.
    /// </remarks>
    public string? HealthPath { get; set; }

    /// <summary>
    /// The header in which the listener's <see cref="ListenOptions.TrustedProxies"/> name the address of their client. It is ignored when any other peer
    /// sends it.
    /// </summary>
    /// <remarks>
    /// The right-most address that is not a trusted proxy's becomes <see cref="Session.Remote"/>, and the limits per address apply to it. Set this to the
    /// header that your proxies write: they may forward the other one as the client sent it.
    /// </remarks>
    public ForwardedHeader ForwardedHeader { get; set; } = ForwardedHeader.XForwardedFor;

    /// <summary>How long the upgrade may take; the time for Hello begins after it.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Maximum number of frames of one message.</summary>
    public int MaxFragments { get; set; } = 1024;

    /// <summary>For raw protocols: accepts text as well as binary messages, and sends text, which must be valid UTF-8.</summary>
    public bool UsesText { get; set; }

    /// <summary>Whether a text is an origin as browsers write it, or the form without a scheme that some programs use.</summary>
    internal static bool IsOrigin(string text) => !text.EndsWith('/') && WebOrigin.Parse(text) is not null;

    /// <summary>The settings of a client's one connection.</summary>
    /// <param name="server">The server's endpoint.</param>
    /// <param name="origin">The Origin header; null for none.</param>
    /// <param name="subprotocols">The subprotocols that the client offers.</param>
    /// <param name="usesText">Whether a raw protocol's messages are text.</param>
    /// <param name="timeout">Maximum time for its opening.</param>
    internal static WebSocketSettings ForClient(in NetEndpoint server, string? origin, IList<string> subprotocols, bool usesText, TimeSpan timeout) => new(
        WebSocketRole.Client,
        UpgradePolicy.SameHost,
        Host: server.ToTcp().ToString(),
        Target: server.Path,
        origin,
        new WebSocketOptions().MaxFragments,
        MaxPendingPongs,
        AcceptsText: usesText,
        SendsText: usesText,
        SessionProfile.Nanoseconds(timeout))
    {
        Offers = new SubprotocolList(subprotocols),
    };

    /// <summary>The settings of a listener's connections.</summary>
    /// <param name="endpoint">The listener's endpoint.</param>
    /// <param name="proxies">The trusted proxies in front of it; null for none.</param>
    /// <param name="onForbidden">Called for requests that are rejected because of their host or origin.</param>
    /// <param name="onForwardedIgnored">Called with the address of a trusted proxy and the text that it wrote in place of its client's address.</param>
    /// <param name="findProblem">Returns why health checks fail; null while they succeed.</param>
    /// <param name="keepsRequest">Whether an authenticator may read the request.</param>
    internal WebSocketSettings ForServer(
        in NetEndpoint endpoint,
        ProxyNetworks? proxies,
        Action<UpgradeResponse> onForbidden,
        Action<NetEndpoint, string> onForwardedIgnored,
        Func<string?> findProblem,
        bool keepsRequest)
    {
        var policy = new UpgradePolicy(AllowedOrigins, AllowedHosts, AllowMissingOrigin, endpoint.IsLoopback)
        {
            Subprotocols = new SubprotocolList(Subprotocols),
            RequiresSubprotocol = RequireSubprotocol,
            Health = HealthPath is null ? null : new HealthCheck(HealthPath, findProblem),
        };
        return new(
            WebSocketRole.Server,
            policy,
            Host: "",
            Target: "",
            Origin: null,
            MaxFragments,
            MaxPendingPongs,
            AcceptsText: UsesText,
            SendsText: UsesText,
            SessionProfile.Nanoseconds(UpgradeTimeout))
        {
            OnForbidden = onForbidden,
            KeepsRequest = keepsRequest,
            Forwarding = proxies is null || ForwardedHeader == ForwardedHeader.None
                ? null
                : new Forwarding(proxies, ForwardedHeader == ForwardedHeader.Forwarded, onForwardedIgnored),
        };
    }

    /// <summary>Checks a list of subprotocols.</summary>
    internal static void ValidateSubprotocols(IList<string> names, string group)
    {
        foreach (string name in names)
        {
            Require(SubprotocolList.IsName(name), nameof(Subprotocols), $"'{name}'", "tokens such as game.v1, without spaces, commas and slashes", group);
        }

        Require(
            SubprotocolList.Fit(names),
            nameof(Subprotocols),
            $"a list of {names.Count}",
            $"at most {SubprotocolList.MaxCount} different names with {SubprotocolList.MaxBytes} bytes in total",
            group);
    }

    internal void Validate()
    {
        foreach (string origin in AllowedOrigins)
        {
            Require(
                WebOrigin.Parse(origin) is not null,
                nameof(AllowedOrigins),
                $"'{origin}'",
                "origins such as https://example.org or http://localhost:5000, without path, user name or wildcard, and null",
                "WebSocket.");
        }

        foreach (string host in AllowedHosts)
        {
            Require(
                IsPlainHost(host),
                nameof(AllowedHosts),
                $"'{host}'",
                "names or addresses such as game.example or [::1], without scheme and port",
                "WebSocket.");
        }

        ValidateSubprotocols(Subprotocols, "WebSocket.");
        Require(
            !RequireSubprotocol || Subprotocols.Count > 0, nameof(RequireSubprotocol), RequireSubprotocol, "false while Subprotocols is empty", "WebSocket.");
        Require(
            HealthPath is null || (EndpointText.GetTargetError(HealthPath) is null && !HealthPath.Contains('?', StringComparison.Ordinal)),
            nameof(HealthPath),
            $"'{HealthPath}'",
            "a path such as /healthz, without a query",
            "WebSocket.");
        Require(Enum.IsDefined(ForwardedHeader), nameof(ForwardedHeader), ForwardedHeader, "None, XForwardedFor, Forwarded", "WebSocket.");
        Require(UpgradeTimeout > TimeSpan.Zero, nameof(UpgradeTimeout), UpgradeTimeout, "more than zero", "WebSocket.");
        Require(MaxFragments is >= 1 and <= MaxFragmentsOfAnything, nameof(MaxFragments), MaxFragments, "1 to 1048576", "WebSocket.");
    }

    private static bool IsPlainHost(string text) => Authority.TryParse(Encoding.UTF8.GetBytes(text), out Authority authority) && !authority.HasPort;
}
