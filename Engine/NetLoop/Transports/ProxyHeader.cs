using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using NetLoop.Stack;

namespace NetLoop.Transports;

/// <summary>The header with which a proxy begins a connection; it names the client.</summary>
/// <remarks>
/// Source: "The PROXY protocol", versions 1 and 2, by Willy Tarreau (haproxy.org). A header is never read beyond its end, because what follows belongs to
/// the connection: <see cref="Read"/> says how many bytes may be received next.
/// </remarks>
internal static class ProxyHeader
{
    /// <summary>Maximum length of a header in bytes: room for the addresses of Unix sockets and for type-length-value records.</summary>
    public const int MaxBytes = 2048;

    /// <summary>Minimum length of a header of either version.</summary>
    public const int MinBytes = 15;

    private const int MaxTextBytes = 107;
    private const int BinaryPrefixBytes = 16;
    private const int UnixPathBytes = 108;

    private static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    private static ReadOnlySpan<byte> TextPrefix => "PROXY "u8;

    /// <summary>Reads a header.</summary>
    /// <param name="received">Everything received so far.</param>
    /// <param name="source">The address of the client; the default value if the header has none, as for a connection of the proxy itself.</param>
    /// <param name="missingBytes">If it is incomplete: how many bytes to receive next, at least one and none beyond its end.</param>
    public static ProxyHeaderStatus Read(ReadOnlySpan<byte> received, out NetEndpoint source, out int missingBytes)
    {
        source = default;
        missingBytes = Math.Max(1, MinBytes - received.Length);
        if (!received.IsEmpty && IsBeginOf(Signature, received))
        {
            return ReadBinary(received, ref source, ref missingBytes);
        }

        return IsBeginOf(TextPrefix, received) ? ReadText(received, ref source, ref missingBytes) : ProxyHeaderStatus.Missing;
    }

    private static bool IsBeginOf(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> received)
    {
        int length = Math.Min(prefix.Length, received.Length);
        return received[..length].SequenceEqual(prefix[..length]);
    }

    private static ProxyHeaderStatus ReadBinary(ReadOnlySpan<byte> received, ref NetEndpoint source, ref int missingBytes)
    {
        if (received.Length < BinaryPrefixBytes)
        {
            missingBytes = BinaryPrefixBytes - received.Length;
            return ProxyHeaderStatus.Incomplete;
        }

        int length = BinaryPrefixBytes + BinaryPrimitives.ReadUInt16BigEndian(received[14..]);
        int command = received[12];
        if (command is not (0x20 or 0x21) || length > MaxBytes)
        {
            return ProxyHeaderStatus.Malformed;
        }

        if (received.Length < length)
        {
            missingBytes = length - received.Length;
            return ProxyHeaderStatus.Incomplete;
        }

        ReadOnlySpan<byte> addresses = received[BinaryPrefixBytes..length];
        switch (command == 0x20 ? 0 : received[13])
        {
            case 0: // LOCAL, or a protocol that the proxy does not name.
                return ProxyHeaderStatus.Complete;

            case 0x11 when addresses.Length >= 12:
                source = NetEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(addresses), BinaryPrimitives.ReadUInt16BigEndian(addresses[8..]));
                return ProxyHeaderStatus.Complete;

            case 0x21 when addresses.Length >= 36:
                source = NetEndpoint.FromIPv6(BinaryPrimitives.ReadUInt128BigEndian(addresses), 0, BinaryPrimitives.ReadUInt16BigEndian(addresses[32..]));
                return ProxyHeaderStatus.Complete;

            case 0x31 when addresses.Length >= 2 * UnixPathBytes:
                source = NetEndpoint.FromUnixPath(ReadPath(addresses[..UnixPathBytes]));
                return ProxyHeaderStatus.Complete;

            default:
                return ProxyHeaderStatus.Malformed;
        }
    }

    private static string ReadPath(ReadOnlySpan<byte> path)
    {
        int end = path.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? path : path[..end]);
    }

    private static ProxyHeaderStatus ReadText(ReadOnlySpan<byte> received, ref NetEndpoint source, ref int missingBytes)
    {
        int end = received.IndexOf("\r\n"u8);
        if (end < 0)
        {
            // After a carriage return, one byte may end the line; otherwise at least two are missing.
            missingBytes = received.Length < MinBytes ? MinBytes - received.Length : received[^1] == (byte)'\r' ? 1 : 2;
            return received.Length + missingBytes > MaxTextBytes ? ProxyHeaderStatus.Malformed : ProxyHeaderStatus.Incomplete;
        }

        string[] words = Encoding.ASCII.GetString(received[..end]).Split(' ');
        if (words.Length > 1 && words[1] == "UNKNOWN")
        {
            return ProxyHeaderStatus.Complete;
        }

        if (words.Length != 6
            || words[1] is not ("TCP4" or "TCP6")
            || !TryReadAddress(words[2], isIPv6: words[1] == "TCP6", out IPAddress? address)
            || !TryReadAddress(words[3], isIPv6: words[1] == "TCP6", out _)
            || !TryReadPort(words[4], out ushort port)
            || !TryReadPort(words[5], out _))
        {
            return ProxyHeaderStatus.Malformed;
        }

        source = NetEndpoint.Tcp(address, port);
        return ProxyHeaderStatus.Complete;
    }

    private static bool TryReadAddress(string text, bool isIPv6, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address) =>
        EndpointText.TryParseAddress(text, out address) && text != "*" && text.Contains(':', StringComparison.Ordinal) == isIPv6;

    private static bool TryReadPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && (text.Length == 1 || text[0] != '0');
}
