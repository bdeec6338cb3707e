using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>Decides who may upgrade: which hosts a listener serves, and which pages may connect.</summary>
/// <remarks>
/// A browser sends the origin of the page and the host that it connects to. Only a check of these keeps a foreign page from using its visitor's access.
/// The name of a foreign page can also resolve to this machine (DNS rebinding); then origin and host agree, so a listener on loopback checks the host as
/// well. Source: RFC 6455, section 10.2; RFC 6454.
/// </remarks>
internal sealed class UpgradePolicy
{
    private readonly WebOrigin[] _allowedOrigins;
    private readonly byte[][] _allowedHosts;
    private readonly bool _allowsMissingOrigin;
    private readonly bool _isLoopback;
    private readonly bool _restrictsHosts;

    /// <param name="allowedOrigins">
    /// Origins such as <c>https://example.org</c>, which <see cref="WebOrigin.Parse"/> reads. When empty, pages of the host that the connection was made to
    /// are allowed, on any port.
    /// </param>
    /// <param name="allowedHosts">Hosts in addition to those of the allowed origins. Without any, only a listener on loopback checks the host.</param>
    /// <param name="allowsMissingOrigin">Whether a request without an origin is accepted: browsers always send one, programs do not.</param>
    /// <param name="isLoopback">Whether the listener's address is on loopback: then only hosts of loopback are served, and those named above.</param>
    public UpgradePolicy(IEnumerable<string> allowedOrigins, IEnumerable<string> allowedHosts, bool allowsMissingOrigin, bool isLoopback)
    {
        _allowedOrigins = [.. allowedOrigins.Select(static origin => WebOrigin.Parse(origin)!)];
        byte[][] hosts = [.. allowedHosts.Select(HostOf)];
        _allowedHosts = [.. hosts, .. _allowedOrigins.Where(static origin => !origin.IsOpaque).Select(static origin => origin.Host.ToArray())];
        _allowsMissingOrigin = allowsMissingOrigin;
        _isLoopback = isLoopback;
        _restrictsHosts = isLoopback || hosts.Length > 0;
    }

    /// <summary>Serves every host, and pages of the same host.</summary>
    public static UpgradePolicy SameHost { get; } = new([], [], allowsMissingOrigin: true, isLoopback: false);

    /// <summary>The subprotocols that the listener speaks.</summary>
    public SubprotocolList Subprotocols { get; init; } = SubprotocolList.None;

    /// <summary>Whether a client that offers none of them is rejected.</summary>
    public bool RequiresSubprotocol { get; init; }

    /// <summary>Answers health checks; null for a listener that answers none.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>Checks a request that is otherwise valid.</summary>
    /// <returns>Null to accept the request; otherwise the response that rejects it. Its text names the option to set.</returns>
    public UpgradeResponse? GetRejection(in HttpHead request)
    {
        bool isHost = Authority.TryParse(request.Host, out Authority host);
        if (_restrictsHosts && !(isHost && Serves(host)))
        {
            string page = request.HasOrigin ? $" for pages of '{Printable(request.Origin)}'" : "";
            string instead = _isLoopback ? "only 127.0.0.1, localhost and [::1] are served" : "it is not served";
            return new(421, $"The host is '{Printable(request.Host)}'{page}, but {instead}: WebSocket.AllowedHosts and AllowedOrigins name others.");
        }

        if (!request.HasOrigin)
        {
            return _allowsMissingOrigin
                ? null
                : new(403, $"Requests without an Origin may not connect to '{Printable(request.Host)}': WebSocket.AllowMissingOrigin allows them.");
        }

        if (IsAllowed(request.Origin, host))
        {
            return null;
        }

        // Do not suggest a text that the option would not accept.
        string origin = Printable(request.Origin);
        string remedy = WebOrigin.Parse(Encoding.UTF8.GetString(request.Origin)) is null
            ? "that is not an origin, and cannot be one of WebSocket.AllowedOrigins"
            : $"add '{origin}' to WebSocket.AllowedOrigins, or let the proxy in front pass the browser's Host on";
        return new(403, $"Pages of '{origin}' may not connect to '{Printable(request.Host)}': {remedy}.");
    }

    private bool Serves(in Authority host) => (_isLoopback && host.IsLoopback) || Contains(_allowedHosts, host.Host);

    private bool IsAllowed(ReadOnlySpan<byte> origin, in Authority host)
    {
        if (_allowedOrigins.Length > 0)
        {
            foreach (WebOrigin allowed in _allowedOrigins)
            {
                if (allowed.Is(origin))
                {
                    return true;
                }
            }

            return false;
        }

        return !host.Host.IsEmpty
            && Authority.TryParseOrigin(origin, out Authority page)
            && (Ascii.EqualsIgnoreCase(page.Host, host.Host) || (_isLoopback && page.IsLoopback && host.IsLoopback));
    }

    private static bool Contains(byte[][] list, ReadOnlySpan<byte> text)
    {
        foreach (byte[] entry in list)
        {
            if (Ascii.EqualsIgnoreCase(text, entry))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] HostOf(string text) =>
        Authority.TryParse(Encoding.UTF8.GetBytes(text), out Authority authority) ? WebOrigin.Canonical(authority.Host) : [];

    /// <summary>Text from a peer, for a response and a log line: shortened, and visible ASCII only.</summary>
    private static string Printable(ReadOnlySpan<byte> text)
    {
        const int MaxCharacters = 100;
        Span<char> shown = stackalloc char[Math.Min(text.Length, MaxCharacters)];
        for (int i = 0; i < shown.Length; i++)
        {
            shown[i] = text[i] is >= (byte)'!' and <= (byte)'~' ? (char)text[i] : '?';
        }

        return text.Length > MaxCharacters ? $"{shown}..." : shown.ToString();
    }
}
