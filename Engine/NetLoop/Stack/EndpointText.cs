using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace NetLoop.Stack;

/// <summary>Reads the texts people write for endpoints. A refusal is one sentence that says what to write instead.</summary>
internal static class EndpointText
{
    private const string Forms = "write HOST:PORT, [IPV6]:PORT, tcp://HOST:PORT, ws://HOST:PORT or unix:PATH";

    /// <summary>Reads any form; returns null, or why not.</summary>
    public static string? Parse(string text, out NetEndpoint endpoint)
    {
        endpoint = default;
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            string path = text.StartsWith("unix://", StringComparison.Ordinal) ? text["unix://".Length..] : text["unix:".Length..];
            if (RefuseUnixPath(path) is { } refusal)
            {
                return refusal;
            }

            endpoint = NetEndpoint.Unix(path);
            return null;
        }

        if (text.StartsWith("wss://", StringComparison.Ordinal))
        {
            return "wss:// needs TLS, which this engine does not speak: let a proxy do that in front of ws://HOST:PORT.";
        }

        string? target = null;
        string hostAndPort = text.StartsWith("tcp://", StringComparison.Ordinal) ? text["tcp://".Length..] : text;
        if (text.StartsWith("ws://", StringComparison.Ordinal))
        {
            hostAndPort = text["ws://".Length..];
            int slash = hostAndPort.IndexOf('/', StringComparison.Ordinal);
            target = slash < 0 ? "/" : hostAndPort[slash..];
            hostAndPort = slash < 0 ? hostAndPort : hostAndPort[..slash];
            if (RefuseTarget(target) is { } refusal)
            {
                return refusal;
            }
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
        if (!TryParseAddress(address, out IPAddress? parsed) || bracketed != address.Contains(':', StringComparison.Ordinal))
        {
            return $"'{host}' is not an IP address: {Forms}, where HOST is an IPv4 address, 'localhost' or '*'.";
        }

        endpoint = NetEndpoint.Tcp(parsed, portNumber);
        if (target is not null)
        {
            endpoint = endpoint.AsWebSocket(target);
        }

        return null;
    }

    /// <summary>Reads an address as people mean it.</summary>
    /// <remarks>
    /// The parser of the runtime also takes 1, 0x7f.1, 010.0.0.1 and [::1]:80; one that reads otherwise than it looks is refused here.
    /// </remarks>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = text switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.Any,
            _ => null,
        };
        if (address is not null)
        {
            return true;
        }

        if (text.Contains(':', StringComparison.Ordinal))
        {
            return !text.StartsWith('[') && IPAddress.TryParse(text, out address);
        }

        return IPAddress.TryParse(text, out address) && address.ToString() == text;
    }

    /// <summary>Returns null for what a WebSocket can ask for, or why it cannot.</summary>
    public static string? RefuseTarget(string target) =>
        target.StartsWith('/') && target.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && !target.Contains('#', StringComparison.Ordinal)
            ? null
            : $"'{target}' is not a valid WebSocket path: write a path that begins with / and has no spaces, and escape what is not ASCII.";

    /// <summary>Returns null for a path that a Unix socket can have, or why it cannot.</summary>
    public static string? RefuseUnixPath(string path)
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
}
