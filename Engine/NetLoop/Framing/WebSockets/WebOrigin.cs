using System.Buffers;
using System.Net;
using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>The origin of a page: scheme, host and port. Case and default ports make no difference.</summary>
/// <remarks>Source: RFC 6454, sections 4 to 6.</remarks>
internal sealed class WebOrigin
{
    private static readonly SearchValues<byte> SchemeBytes = SearchValues.Create("+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly byte[] _scheme;
    private readonly byte[] _host;
    private readonly int _port;

    private WebOrigin(ReadOnlySpan<byte> scheme, in Authority authority)
    {
        _scheme = scheme.ToArray();
        _host = Canonical(authority.Host);
        _port = PortOf(scheme, authority);
    }

    /// <summary>Whether this is the opaque origin (<c>null</c>), which browsers send for pages without an origin, such as files and sandboxed frames.</summary>
    public bool IsOpaque => _scheme.Length == 0 && _host.AsSpan().SequenceEqual("null"u8);

    /// <summary>Name or address in canonical form; an IPv6 address has brackets.</summary>
    public ReadOnlySpan<byte> Host => _host;

    /// <summary>Reads an origin as a person may write it: in any case, with a default port, or with one slash at the end.</summary>
    /// <param name="text">
    /// Such as <c>https://example.org</c>; <c>null</c>; or host and port without a scheme, as some programs send it.
    /// </param>
    /// <returns>Null if the text is not an origin, or has more than an origin: a path, a user name, a wildcard.</returns>
    public static WebOrigin? Parse(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        bool hasScheme = TrySplit(bytes, out ReadOnlySpan<byte> scheme, out ReadOnlySpan<byte> rest);
        if (hasScheme && rest.EndsWith("/"u8))
        {
            rest = rest[..^1];
        }

        return Authority.TryParse(rest, out Authority authority) ? new(scheme, authority) : null;
    }

    /// <summary>Returns the form in which hosts are compared: an IPv6 address is written as browsers write it.</summary>
    public static byte[] Canonical(ReadOnlySpan<byte> host) =>
        host.StartsWith("["u8) && IPAddress.TryParse(host[1..^1], out IPAddress? address) ? Encoding.ASCII.GetBytes($"[{address}]") : host.ToArray();

    /// <summary>Whether a header names this origin.</summary>
    /// <param name="header">The header as the client sent it.</param>
    public bool Is(ReadOnlySpan<byte> header)
    {
        _ = TrySplit(header, out ReadOnlySpan<byte> scheme, out ReadOnlySpan<byte> rest);
        return Authority.TryParse(rest, out Authority authority)
            && Ascii.EqualsIgnoreCase(scheme, _scheme)
            && Ascii.EqualsIgnoreCase(authority.Host, _host)
            && PortOf(scheme, authority) == _port;
    }

    /// <returns>False if there is no scheme; the rest is then the whole text.</returns>
    private static bool TrySplit(ReadOnlySpan<byte> origin, out ReadOnlySpan<byte> scheme, out ReadOnlySpan<byte> rest)
    {
        int end = origin.IndexOf("://"u8);
        bool hasScheme = end > 0 && char.IsAsciiLetter((char)origin[0]) && !origin[..end].ContainsAnyExcept(SchemeBytes);
        scheme = hasScheme ? origin[..end] : default;
        rest = hasScheme ? origin[(end + 3)..] : origin;
        return hasScheme;
    }

    /// <summary>Returns the port. If there is none, returns the default of the scheme, or -1 for other schemes.</summary>
    private static int PortOf(ReadOnlySpan<byte> scheme, in Authority authority) =>
        authority.HasPort ? authority.Port
        : Ascii.EqualsIgnoreCase(scheme, "https"u8) || Ascii.EqualsIgnoreCase(scheme, "wss"u8) ? 443
        : Ascii.EqualsIgnoreCase(scheme, "http"u8) || Ascii.EqualsIgnoreCase(scheme, "ws"u8) ? 80
        : -1;
}
