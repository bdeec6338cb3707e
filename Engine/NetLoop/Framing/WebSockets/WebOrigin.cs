using System.Buffers;
using System.Net;
using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>The origin of a page: scheme, host and port. Two texts that mean the same origin are equal, whatever their case and default ports.</summary>
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

    /// <summary>Whether it is the opaque origin, which browsers send for pages without one, such as files and sandboxed frames.</summary>
    public bool IsOpaque => _scheme.Length == 0 && _host.AsSpan().SequenceEqual("null"u8);

    /// <summary>Name or address in canonical form; an IPv6 address in brackets.</summary>
    public ReadOnlySpan<byte> Host => _host;

    /// <summary>Reads an origin as people write it: with any case, a default port, or one slash at its end.</summary>
    /// <param name="text">
    /// Such as <c>https://example.org</c>; <c>null</c>; or host and port without a scheme, as some programs send it.
    /// </param>
    /// <returns>Null if it is none, or has more than an origin has: a path, a user's name, a wildcard.</returns>
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

    /// <summary>The form in which hosts are compared: an IPv6 address as browsers write it.</summary>
    public static byte[] Canonical(ReadOnlySpan<byte> host) =>
        host.StartsWith("["u8) && IPAddress.TryParse(host[1..^1], out IPAddress? address) ? Encoding.ASCII.GetBytes($"[{address}]") : host.ToArray();

    /// <summary>Whether a header names this origin.</summary>
    /// <param name="header">As a browser or program sent it.</param>
    public bool Is(ReadOnlySpan<byte> header)
    {
        _ = TrySplit(header, out ReadOnlySpan<byte> scheme, out ReadOnlySpan<byte> rest);
        return Authority.TryParse(rest, out Authority authority)
            && Ascii.EqualsIgnoreCase(scheme, _scheme)
            && Ascii.EqualsIgnoreCase(authority.Host, _host)
            && PortOf(scheme, authority) == _port;
    }

    /// <returns>False without a scheme: then all of it is the rest.</returns>
    private static bool TrySplit(ReadOnlySpan<byte> origin, out ReadOnlySpan<byte> scheme, out ReadOnlySpan<byte> rest)
    {
        int end = origin.IndexOf("://"u8);
        bool hasScheme = end > 0 && char.IsAsciiLetter((char)origin[0]) && !origin[..end].ContainsAnyExcept(SchemeBytes);
        scheme = hasScheme ? origin[..end] : default;
        rest = hasScheme ? origin[(end + 3)..] : origin;
        return hasScheme;
    }

    /// <summary>The port; without one, the default of the scheme, or -1 if that has none.</summary>
    private static int PortOf(ReadOnlySpan<byte> scheme, in Authority authority) =>
        authority.HasPort ? authority.Port
        : Ascii.EqualsIgnoreCase(scheme, "https"u8) || Ascii.EqualsIgnoreCase(scheme, "wss"u8) ? 443
        : Ascii.EqualsIgnoreCase(scheme, "http"u8) || Ascii.EqualsIgnoreCase(scheme, "ws"u8) ? 80
        : -1;
}
