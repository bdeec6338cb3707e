using System.Buffers.Text;
using System.Net;
using System.Text;
using NetLoop.Framing.WebSockets;
using NetLoop.Stack;

namespace NetLoop.Transports.WebSockets;

/// <summary>Finds the address of a client in the header that a trusted proxy wrote into the upgrade request.</summary>
/// <remarks>
/// Each proxy appends the address of its peer on the right. The list is therefore read from the right, past the addresses of trusted proxies, to the first
/// address that is not one of theirs. Everything to the left of that address is ignored, because the client may have made it up. Only one kind of header is
/// read: a proxy that writes the other kind forwards this one as the client sent it. Thread: any. Source: RFC 7239, sections 4 to 6.
/// </remarks>
/// <param name="proxies">The proxies whose headers are read.</param>
/// <param name="usesStandard">Whether the header is Forwarded rather than X-Forwarded-For.</param>
/// <param name="onIgnored">Called with the peer and the list item that cannot be used.</param>
internal sealed class Forwarding(ProxyNetworks proxies, bool usesStandard, Action<NetEndpoint, string> onIgnored)
{
    /// <summary>Maximum number of addresses that are read.</summary>
    public const int MaxProxies = 16;

    private const int MaxShownBytes = 100;

    private ReadOnlySpan<byte> HeaderName => usesStandard ? "forwarded"u8 : "x-forwarded-for"u8;

    /// <summary>Finds the client's address.</summary>
    /// <param name="head">The head of the request.</param>
    /// <param name="peer">The address that sent the request.</param>
    /// <param name="client">The client's address; the port is 0 unless the header has one.</param>
    /// <returns>False if the peer is not a trusted proxy or names no address; the session then keeps the peer's address.</returns>
    public bool TryRead(ReadOnlySpan<byte> head, in NetEndpoint peer, out NetEndpoint client)
    {
        client = default;
        bool isFound = false;
        if (!proxies.Contains(peer))
        {
            return false;
        }

        int hops = 0;
        while (HttpHead.TryTakeLast(ref head, HeaderName, out ReadOnlySpan<byte> list))
        {
            bool isMore = true;
            while (isMore)
            {
                int comma = list.LastIndexOf((byte)',');
                ReadOnlySpan<byte> element = list[(comma + 1)..].Trim(" \t"u8);
                if (++hops > MaxProxies || !TryReadNode(usesStandard ? NodeOf(element) : element, out client))
                {
                    onIgnored(peer, Encoding.Latin1.GetString(element[..Math.Min(element.Length, MaxShownBytes)]));
                    return false;
                }

                isFound = true;
                if (!proxies.Contains(client))
                {
                    return true;
                }

                isMore = comma >= 0;
                list = list[..Math.Max(comma, 0)];
            }
        }

        return isFound;
    }

    /// <summary>Returns the value of <c>for=</c> without quotes; empty if there is none.</summary>
    private static ReadOnlySpan<byte> NodeOf(ReadOnlySpan<byte> element)
    {
        foreach (Range range in element.Split((byte)';'))
        {
            ReadOnlySpan<byte> pair = element[range].Trim(" \t"u8);
            if (pair.Length > 4 && Ascii.EqualsIgnoreCase(pair[..4], "for="u8))
            {
                ReadOnlySpan<byte> value = pair[4..];
                return value.Length > 2 && value[0] == (byte)'"' && value[^1] == (byte)'"' ? value[1..^1] : value;
            }
        }

        return default;
    }

    /// <summary>Reads an address with or without a port. An IPv6 address without brackets, as in X-Forwarded-For, has no port.</summary>
    private static bool TryReadNode(ReadOnlySpan<byte> node, out NetEndpoint endpoint)
    {
        const int MaxNodeBytes = 64;
        endpoint = default;
        if (node.Length is 0 or > MaxNodeBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> host = node;
        ReadOnlySpan<byte> rest = default;
        if (node[0] == (byte)'[')
        {
            int end = node.IndexOf((byte)']');
            if (end < 0)
            {
                return false;
            }

            host = node[1..end];
            rest = node[(end + 1)..];
            if (host.IndexOf((byte)':') < 0)
            {
                return false;
            }
        }
        else if (node.IndexOf((byte)':') is >= 0 and var colon && colon == node.LastIndexOf((byte)':'))
        {
            host = node[..colon];
            rest = node[colon..];
        }

        if (!TryReadPort(rest, out int port)
            || host.ContainsAny((byte)'*', (byte)'%')
            || !EndpointText.TryParseAddress(Encoding.Latin1.GetString(host), out IPAddress? address))
        {
            return false;
        }

        endpoint = NetEndpoint.Tcp(address, port);
        return true;
    }

    /// <summary>Reads nothing, or a colon and a port. A port that the proxy hides, which begins with an underscore, is 0 (RFC 7239, section 6.3).</summary>
    private static bool TryReadPort(ReadOnlySpan<byte> rest, out int port)
    {
        port = 0;
        return rest.IsEmpty
            || (rest.Length > 1
                && rest[0] == (byte)':'
                && (rest[1] == (byte)'_'
                    || (rest.Length <= 6
                        && !rest[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
                        && Utf8Parser.TryParse(rest[1..], out port, out _)
                        && port <= ushort.MaxValue)));
    }
}
