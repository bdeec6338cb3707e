using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace NetLoop.Stack;

/// <summary>Parses the text forms of endpoints. An error message is one sentence that gives the right form.</summary>
internal static class EndpointText
{
    private const int MaxHostNameCharacters = 253;
    private const int MaxLabelCharacters = 63;
    private const string Forms =
        "write HOST:PORT, [IPV6]:PORT, tcp://HOST:PORT, tls://HOST:PORT, ws://HOST:PORT, wss://HOST:PORT, udp://HOST:PORT or unix:PATH";

    private const string UdpPrefix = "udp://";

    private static readonly (string Prefix, EndpointScheme Scheme)[] Schemes =
    [
        ("tcp://", EndpointScheme.Plain),
        ("tls://", EndpointScheme.Tls),
        ("ws://", EndpointScheme.WebSocket),
        ("wss://", EndpointScheme.SecureWebSocket),
    ];

    /// <summary>Parses every text form of an endpoint. Returns null, or the error message.</summary>
    public static string? Parse(string text, out NetEndpoint endpoint)
    {
        endpoint = default;
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            string path = text.StartsWith("unix://", StringComparison.Ordinal) ? text["unix://".Length..] : text["unix:".Length..];
            if (GetUnixPathError(path) is { } refusal)
            {
                return refusal;
            }

            endpoint = NetEndpoint.Unix(path);
            return null;
        }

        bool isUdp = text.StartsWith(UdpPrefix, StringComparison.Ordinal);
        (EndpointScheme scheme, string hostAndPort) = isUdp ? (EndpointScheme.Plain, text[UdpPrefix.Length..]) : SplitScheme(text);
        string? target = null;
        if (scheme is EndpointScheme.WebSocket or EndpointScheme.SecureWebSocket)
        {
            int slash = hostAndPort.IndexOf('/', StringComparison.Ordinal);
            target = slash < 0 ? "/" : hostAndPort[slash..];
            hostAndPort = slash < 0 ? hostAndPort : hostAndPort[..slash];
            if (GetTargetError(target) is { } refusal)
            {
                return refusal;
            }
        }

        int separator = hostAndPort.IndexOf("://", StringComparison.Ordinal);
        if (separator >= 0)
        {
            return $"'{hostAndPort[..separator]}' is not a scheme of an endpoint: {Forms}.";
        }

        int colon = hostAndPort.LastIndexOf(':');
        if (colon < 0)
        {
            return $"'{text}' has no port: {Forms}.";
        }

        string host = hostAndPort[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!bracketed && host.Contains(':', StringComparison.Ordinal))
        {
            return $"'{text}' does not say where its IPv6 address ends: write [{host}]:PORT.";
        }

        // Digits only: no sign, no space, no sixth digit.
        string port = hostAndPort[(colon + 1)..];
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort portNumber) || port.Length > 5)
        {
            return $"'{port}' is not a port: write a number from 0 to 65535.";
        }

        string address = bracketed ? host[1..^1] : host;
        bool isAddress = TryParseAddress(address, out _) && bracketed == address.Contains(':', StringComparison.Ordinal);
        if (!isAddress && (bracketed || !IsHostName(host)))
        {
            return $"'{host}' is neither an IP address nor a host name: {Forms}, where HOST is an IPv4 address, a host name or '*'.";
        }

        endpoint = NetEndpoint.Tcp(address, portNumber);
        if (isUdp)
        {
            endpoint = endpoint.AsUdp();
        }

        if (target is not null)
        {
            endpoint = endpoint.AsWebSocket(target);
        }

        if (scheme is EndpointScheme.Tls or EndpointScheme.SecureWebSocket)
        {
            endpoint = endpoint.Encrypted();
        }

        return null;
    }

    /// <summary>Parses an IP address, in its usual form only.</summary>
    /// <remarks>
    /// The runtime's parser also accepts 1, 0x7f.1, 010.0.0.1 and [::1]:80; these are rejected, because they mean another address than they seem to.
    /// </remarks>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (text == "*")
        {
            address = IPAddress.Any;
            return true;
        }

        address = null;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return !text.StartsWith('[') && IPAddress.TryParse(text, out address);
        }

        return IPAddress.TryParse(text, out address) && address.ToString() == text;
    }

    /// <summary>Whether a text is a valid host name: labels of letters, digits and hyphens.</summary>
    /// <remarks>
    /// Source: RFC 1123, section 2.1; underscores also occur. A name whose last label is a number would be a malformed address (WHATWG URL, "ends in a
    /// number"). Names in other alphabets are written in their ASCII form, <c>xn--...</c>.
    /// </remarks>
    public static bool IsHostName(string text)
    {
        if (text.Length is 0 or > MaxHostNameCharacters)
        {
            return false;
        }

        string[] labels = text.Split('.');
        return labels.All(IsLabel) && !IsNumber(labels[^1]);
    }

    /// <summary>Whether a host name means this machine, whatever DNS says (RFC 6761, section 6.3).</summary>
    public static bool IsLocalhost(string name) => name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal);

    /// <summary>Returns null for a valid target of a WebSocket request; otherwise the error message.</summary>
    public static string? GetTargetError(string target) =>
        target.StartsWith('/') && target.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && !target.Contains('#', StringComparison.Ordinal)
            ? null
            : $"'{target}' is not a valid WebSocket path: write a path that begins with / and has no spaces, and escape what is not ASCII.";

    /// <summary>Returns null for a valid path of a Unix socket; otherwise the error message.</summary>
    public static string? GetUnixPathError(string path)
    {
        if (path.Length == 0)
        {
            return "The path of a Unix socket is empty: write unix:PATH.";
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return "The path of a Unix socket holds a zero character, which no file name can: abstract names are not supported.";
        }

        int bytes = Encoding.UTF8.GetByteCount(path);
        return bytes > NetEndpoint.MaxUnixPathBytes
            ? $"The path of a Unix socket may have {NetEndpoint.MaxUnixPathBytes} bytes, and '{path}' has {bytes}: choose a shorter one."
            : null;
    }

    private static (EndpointScheme Scheme, string HostAndPort) SplitScheme(string text)
    {
        foreach ((string prefix, EndpointScheme scheme) in Schemes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                return (scheme, text[prefix.Length..]);
            }
        }

        return (EndpointScheme.Plain, text);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelCharacters
        && label.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
        && label[0] != '-'
        && label[^1] != '-';

    private static bool IsNumber(string label) => label.All(char.IsAsciiDigit) || label.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
}
