using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>Host and port as written in a Host header or an origin. Strict: accepts only plain names and addresses.</summary>
/// <remarks>Source: RFC 9110, section 7.2; RFC 3986, section 3.2; RFC 6761, section 6.3 for localhost.</remarks>
internal readonly ref struct Authority
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create(".:0123456789ABCDEFabcdef"u8);

    private const int MaxPortDigits = 5;

    private Authority(ReadOnlySpan<byte> host, int? port)
    {
        Host = host;
        HasPort = port is not null;
        Port = port ?? 0;
    }

    /// <summary>Name or address. An IPv6 address keeps its brackets; a dot at the end of a name is removed. Empty if there is none.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>Whether a port follows the host.</summary>
    public bool HasPort { get; }

    /// <summary>The port; 0 if none follows the host.</summary>
    public int Port { get; }

    /// <summary>Whether the host is always this machine: localhost and its subdomains, 127.0.0.0/8, ::1.</summary>
    /// <remarks>
    /// Addresses in other forms (<c>127.1</c>, <c>2130706433</c>) do not count: browsers send the usual form, and a resolver may take the others for names.
    /// </remarks>
    public bool IsLoopback =>
        Host.StartsWith("["u8)
            ? IPAddress.TryParse(Host[1..^1], out IPAddress? address) && IPAddress.IsLoopback(address)
            : Ascii.EqualsIgnoreCase(Host, "localhost"u8) || IsBelowLocalhost(Host) || IsLoopbackIPv4(Host);

    /// <summary>Reads a host with or without a port.</summary>
    /// <returns>False for anything else, such as a user name in front of it.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out Authority authority)
    {
        authority = default;
        bool isBracketed = text.StartsWith("["u8);
        int end = isBracketed ? text.IndexOf((byte)']') + 1 : text.IndexOf((byte)':');
        ReadOnlySpan<byte> host = end < 0 ? text : text[..end];
        ReadOnlySpan<byte> rest = text[host.Length..];
        if (!TryReadPort(rest, out int? port))
        {
            return false;
        }

        if (isBracketed)
        {
            if (host.IndexOf((byte)':') < 0 || host[1..^1].ContainsAnyExcept(AddressBytes))
            {
                return false;
            }
        }
        else
        {
            host = host.EndsWith("."u8) ? host[..^1] : host;
            if (host.IsEmpty || host.ContainsAnyExcept(NameBytes))
            {
                return false;
            }
        }

        authority = new Authority(host, port);
        return true;
    }

    /// <summary>Reads the host of an origin such as <c>https://example.org:8443</c>.</summary>
    /// <param name="origin">As a browser sends it, with a scheme.</param>
    /// <param name="authority">Its host and port.</param>
    public static bool TryParseOrigin(ReadOnlySpan<byte> origin, out Authority authority)
    {
        authority = default;
        int scheme = origin.IndexOf("://"u8);
        return scheme > 0 && TryParse(origin[(scheme + 3)..], out authority);
    }

    /// <summary>Reads what follows the host: nothing, or a colon with or without a port (RFC 3986, section 3.2.3).</summary>
    private static bool TryReadPort(ReadOnlySpan<byte> rest, out int? port)
    {
        port = null;
        if (rest.Length <= 1)
        {
            return rest.IsEmpty || rest[0] == (byte)':';
        }

        ReadOnlySpan<byte> digits = rest[1..];
        if (rest[0] != (byte)':'
            || digits.Length > MaxPortDigits
            || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(digits, out int number, out _)
            || number > ushort.MaxValue)
        {
            return false;
        }

        port = number;
        return true;
    }

    private static bool IsBelowLocalhost(ReadOnlySpan<byte> host)
    {
        ReadOnlySpan<byte> end = ".localhost"u8;
        return host.Length > end.Length && Ascii.EqualsIgnoreCase(host[^end.Length..], end);
    }

    /// <summary>Four decimal numbers without leading zeros, the first of them 127.</summary>
    private static bool IsLoopbackIPv4(ReadOnlySpan<byte> host)
    {
        int count = 0;
        foreach (Range range in host.Split((byte)'.'))
        {
            ReadOnlySpan<byte> part = host[range];
            bool isNumber = part.Length is >= 1 and <= 3
                && !part.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                && (part.Length == 1 || part[0] != (byte)'0')
                && (part.Length < 3 || part.SequenceCompareTo("255"u8) <= 0);
            if (!isNumber || (count == 0 && !part.SequenceEqual("127"u8)))
            {
                return false;
            }

            count++;
        }

        return count == 4;
    }
}
