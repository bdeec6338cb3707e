using System.Net;

namespace NetLoop;

/// <summary>The IP address and port of a peer of a datagram socket, as a small value that can be the key of a dictionary.</summary>
/// <remarks>Thread: any; immutable. Its hash is seeded anew in each process, so that no peer can choose addresses with equal hashes.</remarks>
public readonly struct DatagramAddress : IEquatable<DatagramAddress>
{
    private readonly ulong _upper;
    private readonly ulong _lower;
    private readonly uint _scopeId;
    private readonly ushort _port;

    /// <summary>Creates an address.</summary>
    /// <param name="address">The IP address as one number; an IPv4 address in its IPv6-mapped form <c>::ffff:a.b.c.d</c>.</param>
    /// <param name="port">The UDP port.</param>
    /// <param name="scopeId">The interface of a link-local IPv6 address; 0 when there is none.</param>
    public DatagramAddress(UInt128 address, ushort port, uint scopeId = 0)
    {
        _upper = (ulong)(address >> 64);
        _lower = (ulong)address;
        _port = port;
        _scopeId = scopeId;
    }

    /// <summary>The IP address as one number; an IPv4 address in its IPv6-mapped form <c>::ffff:a.b.c.d</c>.</summary>
    public UInt128 Address => new(_upper, _lower);

    /// <summary>The UDP port; 0 in the default value, which is no address.</summary>
    public ushort Port => _port;

    /// <summary>The interface of a link-local IPv6 address; 0 when there is none.</summary>
    public uint ScopeId => _scopeId;

    /// <summary>Whether it is an IPv4 address.</summary>
    public bool IsIPv4 => _upper == 0 && _lower >> 32 == 0xFFFF;

    /// <summary>Whether both are the same address and port.</summary>
    public static bool operator ==(in DatagramAddress left, in DatagramAddress right) => left.Equals(right);

    /// <summary>Whether the two differ in address, port or interface.</summary>
    public static bool operator !=(in DatagramAddress left, in DatagramAddress right) => !left.Equals(right);

    /// <summary>Returns the address of an endpoint that has an IP address.</summary>
    /// <param name="endpoint">An endpoint with an IP address; not a host name, not a Unix socket.</param>
    public static DatagramAddress From(in NetEndpoint endpoint) => new(endpoint.Address, (ushort)endpoint.Port, endpoint.ScopeId);

    /// <inheritdoc/>
    public bool Equals(DatagramAddress other) =>
        _lower == other._lower && _port == other._port && _upper == other._upper && _scopeId == other._scopeId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DatagramAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_upper, _lower, _port);

    /// <summary>Returns the UDP endpoint at this address. Does not allocate.</summary>
    public NetEndpoint ToEndpoint() => NetEndpoint.FromDatagramAddress(this);

    /// <summary>Returns the text form for logs: <c>127.0.0.1:7777</c> or <c>[::1]:7777</c>.</summary>
    public override string ToString() => new IPEndPoint(ToEndpoint().ToIPAddress(), _port).ToString();
}
