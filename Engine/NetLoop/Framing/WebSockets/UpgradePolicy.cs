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
    private readonly byte[][] _allowedOrigins;
    private readonly byte[][] _allowedHosts;
    private readonly bool _allowsMissingOrigin;
    private readonly bool _isLoopback;
    private readonly bool _restrictsHosts;

    /// <param name="allowedOrigins">
    /// Origins such as <c>https://example.org</c>. When empty, pages of the host that the connection was made to are allowed, on any port.
    /// </param>
    /// <param name="allowedHosts">Hosts in addition to those of the allowed origins. Without any, only a listener on loopback checks the host.</param>
    /// <param name="allowsMissingOrigin">Whether a request without an origin is accepted: browsers always send one, programs do not.</param>
    /// <param name="isLoopback">Whether the listener's address is on loopback: then only hosts of loopback are served, and those named above.</param>
    public UpgradePolicy(IEnumerable<string> allowedOrigins, IEnumerable<string> allowedHosts, bool allowsMissingOrigin, bool isLoopback)
    {
        _allowedOrigins = [.. allowedOrigins.Select(Encoding.UTF8.GetBytes)];
        byte[][] hosts = [.. allowedHosts.Select(host => HostOf(Encoding.UTF8.GetBytes(host)))];
        _allowedHosts = [.. hosts, .. _allowedOrigins.Select(HostOf).Where(host => host.Length > 0)];
        _allowsMissingOrigin = allowsMissingOrigin;
        _isLoopback = isLoopback;
        _restrictsHosts = isLoopback || hosts.Length > 0;
    }

    /// <summary>Serves every host, and pages of the same host.</summary>
    public static UpgradePolicy SameHost { get; } = new([], [], allowsMissingOrigin: true, isLoopback: false);

    /// <summary>Checks a request that is otherwise valid.</summary>
    /// <returns>Null to accept the request; otherwise the response that rejects it. Its text names the option to set.</returns>
    public UpgradeResponse? GetRejection(in HttpHead request)
    {
        bool isHost = Authority.TryParse(request.Host, out Authority host);
        if (_restrictsHosts && !(isHost && Serves(host)))
        {
            string instead = _isLoopback ? "only 127.0.0.1, localhost and [::1] are served" : "it is not served";
            return new(421, $"The host is '{Printable(request.Host)}', but {instead}: WebSocket.AllowedHosts and AllowedOrigins name others.");
        }

        if (!request.HasOrigin)
        {
            return _allowsMissingOrigin ? null : new(403, "Requests without an Origin may not connect: WebSocket.AllowMissingOrigin allows them.");
        }

        if (IsAllowed(request.Origin, host))
        {
            return null;
        }

        string origin = Printable(request.Origin);
        return new(
            403,
            $"Pages of '{origin}' may not connect to '{Printable(request.Host)}': add '{origin}' to WebSocket.AllowedOrigins, or let the proxy in "
                + "front pass the browser's Host on.");
    }

    private bool Serves(in Authority host) => (_isLoopback && host.IsLoopback) || Contains(_allowedHosts, host.Host);

    private bool IsAllowed(ReadOnlySpan<byte> origin, in Authority host)
    {
        if (_allowedOrigins.Length > 0)
        {
            return Contains(_allowedOrigins, origin);
        }

        return !host.Host.IsEmpty
            && Authority.TryParseOrigin(origin, needsScheme: true, out Authority page)
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

    private static byte[] HostOf(byte[] origin) =>
        !origin.AsSpan().SequenceEqual("null"u8)
            && Authority.TryParseOrigin(origin, needsScheme: false, out Authority authority) ? authority.Host.ToArray() : [];

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
