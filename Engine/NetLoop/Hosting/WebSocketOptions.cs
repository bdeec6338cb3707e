using NetLoop.Framing.WebSockets;
using NetLoop.Sessions;
using NetLoop.Transports.WebSockets;

namespace NetLoop;

/// <summary>How the connections of a WebSocket listener open, and what they may cost beside <see cref="SessionOptions"/>.</summary>
public sealed class WebSocketOptions
{
    /// <summary>Pings answered at a time: of those that arrive within one iteration, the latest. The protocol asks for no more.</summary>
    private const int MaxPendingPongs = 1;

    private const int MaxFragmentsOfAnything = 1 << 20;

    /// <summary>
    /// Origins of pages that may connect, such as <c>https://example.org</c> or <c>http://localhost:5000</c>. Empty: pages of the host that the
    /// connection was made to, whatever their port.
    /// </summary>
    /// <remarks>
    /// A browser tells the truth about a page's origin, and sends its user's cookies along: this list is what keeps a stranger's
    /// page out. A server reachable by its address alone should name its origins, so that no other name that leads to it is let in.
    /// </remarks>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether a client without an origin may connect: programs send none, browsers always do.</summary>
    public bool AllowMissingOrigin { get; set; } = true;

    /// <summary>How long the opening request may take, before the time for Hello begins.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Frames that one message may come in.</summary>
    public int MaxFragments { get; set; } = 1024;

    /// <summary>For foreign protocols: text is accepted beside binary, and what is sent is text, so it must be UTF-8.</summary>
    public bool UsesText { get; set; }

    /// <summary>Whether a text is an origin as browsers write it.</summary>
    internal static bool IsOrigin(string text) =>
        text == "null"
        || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && uri.Host.Length > 0
            && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            && text.IndexOf('/', text.IndexOf("://", StringComparison.Ordinal) + 3) < 0);

    /// <summary>The settings of a client's one connection.</summary>
    internal static WebSocketSettings ForClient(in NetEndpoint server, NetClientOptions options) => new(
        WebSocketRole.Client,
        new OriginPolicy([], allowsMissing: true),
        Host: server.ToTcp().ToString(),
        Target: server.Path,
        options.Origin,
        new WebSocketOptions().MaxFragments,
        MaxPendingPongs,
        AcceptsText: false,
        SendsText: false,
        SessionSettings.Nanoseconds(options.HandshakeTimeout));

    /// <summary>The settings of a listener's connections.</summary>
    internal WebSocketSettings ForServer() => new(
        WebSocketRole.Server,
        new OriginPolicy(AllowedOrigins, AllowMissingOrigin),
        Host: "",
        Target: "",
        Origin: null,
        MaxFragments,
        MaxPendingPongs,
        AcceptsText: UsesText,
        SendsText: UsesText,
        SessionSettings.Nanoseconds(UpgradeTimeout));

    internal void Validate()
    {
        foreach (string origin in AllowedOrigins)
        {
            Require(IsOrigin(origin), nameof(AllowedOrigins), origin, "origins such as https://example.org or http://localhost:5000, without a path");
        }

        Require(UpgradeTimeout > TimeSpan.Zero, nameof(UpgradeTimeout), UpgradeTimeout, "more than zero");
        Require(MaxFragments is >= 1 and <= MaxFragmentsOfAnything, nameof(MaxFragments), MaxFragments, "1 to 1048576");
    }

    private static void Require(bool holds, string option, object value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"WebSocket.{option} is {value}; allowed: {allowed}.");
        }
    }
}
