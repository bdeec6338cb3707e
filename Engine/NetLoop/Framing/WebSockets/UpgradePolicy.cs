using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>Who may upgrade: which hosts a listener serves, and which pages may connect.</summary>
/// <remarks>
/// A browser names the origin of the page and the host that it connects to, and nothing else keeps a stranger's page from using its visitor's access. A
/// stranger's name can lead to this machine (DNS rebinding): origin and host then agree, so that a listener which only this machine reaches
/// looks at the host as well. Source: RFC 6455, section 10.2; RFC 6454.
/// </remarks>
internal sealed class UpgradePolicy
{
    private readonly byte[][] _allowedOrigins;
    private readonly byte[][] _allowedHosts;
    private readonly bool _allowsMissingOrigin;
    private readonly bool _isLoopback;
    private readonly bool _restrictsHosts;

    /// <param name="allowedOrigins">
    /// Origins such as <c>https://example.org</c>; empty allows those of the host that the connection was made to, on any port.
    /// </param>
    /// <param name="allowedHosts">Hosts beside those of the allowed origins; without any, only a listener on loopback looks at them.</param>
    /// <param name="allowsMissingOrigin">Whether a request without an origin is accepted: programs send none, browsers always do.</param>
    /// <param name="isLoopback">Whether the listener's address is one of loopback: then loopback's hosts are served, and no others that are not named.</param>
    public UpgradePolicy(IEnumerable<string> allowedOrigins, IEnumerable<string> allowedHosts, bool allowsMissingOrigin, bool isLoopback)
    {
        _allowedOrigins = [.. allowedOrigins.Select(Encoding.UTF8.GetBytes)];
        byte[][] hosts = [.. allowedHosts.Select(host => HostOf(Encoding.UTF8.GetBytes(host)))];
        _allowedHosts = [.. hosts, .. _allowedOrigins.Select(HostOf).Where(host => host.Length > 0)];
        _allowsMissingOrigin = allowsMissingOrigin;
        _isLoopback = isLoopback;
        _restrictsHosts = isLoopback || hosts.Length > 0;
    }

    /// <summary>Serves every host, and pages of the same.</summary>
    public static UpgradePolicy SameHost { get; } = new([], [], allowsMissingOrigin: true, isLoopback: false);

    /// <summary>Judges a request that is otherwise right.</summary>
    /// <returns>Null to accept; else the answer, which says what to set.</returns>
    public UpgradeResponse? Refuse(in HttpHead request)
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

    /// <summary>A peer's text in an answer and a log line: short, without anything but visible ASCII.</summary>
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
