using System.Text;
using NetLoop.Framing.WebSockets;
using NetLoop.Sessions;
using NetLoop.Transports.WebSockets;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>How the connections of a WebSocket listener open, and what they may cost beside <see cref="SessionOptions"/>.</summary>
public sealed class WebSocketOptions
{
    /// <summary>Pings answered at a time: of those that arrive within one iteration, the latest. The protocol asks for no more.</summary>
    private const int MaxPendingPongs = 1;

    private const int MaxFragmentsOfAnything = 1 << 20;

    /// <summary>
    /// Origins of pages that may connect, such as <c>https://example.org</c> or <c>http://localhost:5000</c>. Empty: pages of the host that the
    /// connection was made to, whatever their port; on a loopback address every page of this machine.
    /// </summary>
    /// <remarks>
    /// A browser tells the truth about a page's origin, and sends its user's cookies along: this list is what keeps a stranger's page out. Name
    /// your origins: without the list, a listener on another address than loopback's also lets in pages of any other name that leads to it
    /// (DNS rebinding). Some programs send an origin without a scheme, such as <c>127.0.0.1</c>; it may be named like that. The hosts of the
    /// origins are served as if they were in <see cref="AllowedHosts"/>.
    /// </remarks>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Hosts that a request may be for beside those of <see cref="AllowedOrigins"/>: names or addresses without a port, such as <c>game.example</c> or
    /// <c>[2001:db8::1]</c>.
    /// </summary>
    /// <remarks>
    /// A listener on a loopback address serves loopback's hosts (127.0.0.0/8, [::1], localhost and the names below it) and these; others
    /// get HTTP 421. It needs them behind a proxy on the same machine that passes the browser's Host on. A listener on another
    /// address serves every host, unless hosts are named here; then those alone.
    /// </remarks>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Whether a client without an origin may connect: programs send none, browsers always do.</summary>
    public bool AllowMissingOrigin { get; set; } = true;

    /// <summary>How long the opening request may take, before the time for Hello begins.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Frames that one message may come in.</summary>
    public int MaxFragments { get; set; } = 1024;

    /// <summary>For raw protocols: text is accepted beside binary, and what is sent is text, so it must be UTF-8.</summary>
    public bool UsesText { get; set; }

    /// <summary>Whether a text is an origin as browsers write it, or as programs do that leave the scheme out.</summary>
    internal static bool IsOrigin(string text) =>
        IsPlainHost(text, mayHavePort: true)
        || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && uri.Host.Length > 0
            && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            && text.IndexOf('/', text.IndexOf("://", StringComparison.Ordinal) + 3) < 0);

    /// <summary>The settings of a client's one connection.</summary>
    /// <param name="server">Where it connects.</param>
    /// <param name="origin">What it says about where it comes from; null for nothing.</param>
    /// <param name="timeout">How long its opening may take.</param>
    internal static WebSocketSettings ForClient(in NetEndpoint server, string? origin, TimeSpan timeout) => new(
        WebSocketRole.Client,
        UpgradePolicy.SameHost,
        Host: server.ToTcp().ToString(),
        Target: server.Path,
        origin,
        new WebSocketOptions().MaxFragments,
        MaxPendingPongs,
        AcceptsText: false,
        SendsText: false,
        SessionProfile.Nanoseconds(timeout));

    /// <summary>The settings of a listener's connections.</summary>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="onForbidden">Told of requests that were refused for their host or origin.</param>
    internal WebSocketSettings ForServer(in NetEndpoint endpoint, Action<UpgradeResponse> onForbidden) => new(
        WebSocketRole.Server,
        new UpgradePolicy(AllowedOrigins, AllowedHosts, AllowMissingOrigin, endpoint.IsLoopback),
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
    };

    internal void Validate()
    {
        foreach (string origin in AllowedOrigins)
        {
            Require(
                IsOrigin(origin), nameof(AllowedOrigins), origin, "origins such as https://example.org or http://localhost:5000, without a path", "WebSocket.");
        }

        foreach (string host in AllowedHosts)
        {
            Require(
                IsPlainHost(host, mayHavePort: false),
                nameof(AllowedHosts),
                host,
                "names or addresses such as game.example or [::1], without scheme and port",
                "WebSocket.");
        }

        Require(UpgradeTimeout > TimeSpan.Zero, nameof(UpgradeTimeout), UpgradeTimeout, "more than zero", "WebSocket.");
        Require(MaxFragments is >= 1 and <= MaxFragmentsOfAnything, nameof(MaxFragments), MaxFragments, "1 to 1048576", "WebSocket.");
    }

    private static bool IsPlainHost(string text, bool mayHavePort) =>
        Authority.TryParse(Encoding.UTF8.GetBytes(text), out Authority authority) && (mayHavePort || !authority.HasPort);
}
