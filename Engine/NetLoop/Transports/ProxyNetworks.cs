using System.Globalization;
using System.Net;
using NetLoop.Stack;

namespace NetLoop.Transports;

/// <summary>The proxies that a listener trusts, by their addresses.</summary>
/// <remarks>Thread: any; immutable. A lookup allocates nothing, because every accepted connection needs one.</remarks>
internal sealed class ProxyNetworks
{
    /// <summary>The entry that trusts the peers of a Unix socket.</summary>
    private const string UnixEntry = "unix";

    private const int AddressBits = 128;
    private const int IPv4Offset = 96;

    private readonly (UInt128 Base, UInt128 Mask)[] _networks;
    private readonly bool _trustsUnix;

    private ProxyNetworks((UInt128 Base, UInt128 Mask)[] networks, bool trustsUnix)
    {
        _networks = networks;
        _trustsUnix = trustsUnix;
    }

    /// <summary>Creates the set from the entries of an option; null if there are none.</summary>
    /// <param name="entries">Entries that <see cref="IsEntry"/> accepts.</param>
    public static ProxyNetworks? Create(IList<string> entries) =>
        entries.Count == 0
            ? null
            : new([.. entries.Where(static entry => entry != UnixEntry).Select(Read)], entries.Contains(UnixEntry));

    /// <summary>Whether a text is an address, a network in which all bits after the prefix are zero, or "unix".</summary>
    public static bool IsEntry(string text) => text == UnixEntry || TryRead(text, out _);

    /// <summary>Whether a peer is one of the proxies.</summary>
    public bool Contains(in NetEndpoint remote)
    {
        if (remote.Transport != TransportKind.Tcp)
        {
            return _trustsUnix;
        }

        UInt128 address = remote.Address;
        foreach ((UInt128 network, UInt128 mask) in _networks)
        {
            if ((address & mask) == network)
            {
                return true;
            }
        }

        return false;
    }

    private static (UInt128 Base, UInt128 Mask) Read(string text)
    {
        _ = TryRead(text, out (UInt128, UInt128) network);
        return network;
    }

    private static bool TryRead(string text, out (UInt128 Base, UInt128 Mask) network)
    {
        network = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? text : text[..slash];
        if (host.AsSpan().ContainsAny('*', '%') || !EndpointText.TryParseAddress(host, out IPAddress? address))
        {
            return false;
        }

        var endpoint = NetEndpoint.Tcp(address, 0);
        int prefix = AddressBits;
        if (slash >= 0)
        {
            // The prefix of an IPv4 network counts from the first bit of its address. That of a mapped address (::ffff:10.0.0.0/104) includes 96 bits more.
            int offset = endpoint.IsIPv4 && !host.Contains(':', StringComparison.Ordinal) ? IPv4Offset : 0;
            if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > AddressBits - offset)
            {
                return false;
            }

            prefix += offset;
        }

        UInt128 mask = prefix == 0 ? UInt128.Zero : UInt128.MaxValue << (AddressBits - prefix);
        network = (endpoint.Address, mask);
        return (endpoint.Address & ~mask) == UInt128.Zero;
    }
}
