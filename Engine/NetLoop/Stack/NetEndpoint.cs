using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using NetLoop.Diagnostics;
using NetLoop.Stack;

namespace NetLoop;

/// <summary>Where a stream socket listens or connects: an IP address with a TCP port, spoken to plainly or by WebSocket, or the path of a Unix socket.</summary>
/// <remarks>
/// Thread: any; immutable, compared by value. Texts: <c>127.0.0.1:7777</c>, <c>[::1]:7777</c>, <c>ws://127.0.0.1:7780/</c>, <c>unix:/run/game.sock</c>; see
/// <see cref="Parse"/>. Names are not looked up: a look-up takes time, gives several answers and belongs to the application.
/// </remarks>
public readonly record struct NetEndpoint
{
    /// <summary>The longest path of a Unix socket in UTF-8 bytes: <c>sun_path</c> of Linux has 108 with its final zero.</summary>
    public const int MaxUnixPathBytes = 107;

    private const ulong MappedIPv4Prefix = 0xFFFF;

    // A UInt128 would be aligned to 16 bytes; every session has an endpoint.
    private readonly ulong _upper;
    private readonly ulong _lower;
    private readonly string? _path;
    private readonly uint _scopeId;
    private readonly ushort _port;
    private readonly byte _kind;

    private NetEndpoint(UInt128 address, uint scopeId, ushort port, string? target = null)
    {
        _kind = (byte)(target is null ? EndpointKind.Tcp : EndpointKind.WebSocket);
        _path = target;
        _upper = (ulong)(address >> 64);
        _lower = (ulong)address;
        _scopeId = scopeId;
        _port = port;
    }

    private NetEndpoint(string path)
    {
        _kind = (byte)EndpointKind.Unix;
        _path = path;
    }

    /// <summary>What this endpoint names.</summary>
    public EndpointKind Kind => (EndpointKind)_kind;

    /// <summary>
    /// The IP address as one number; an IPv4 address in its IPv6-mapped form <c>::ffff:a.b.c.d</c>. 0 for Unix sockets.
    /// </summary>
    /// <remarks>One form for both families makes it a key for limits by address, whichever socket the peer came through.</remarks>
    public UInt128 Address => new(_upper, _lower);

    /// <summary>Whether it has an IPv4 address.</summary>
    public bool IsIPv4 => HasAddress && (Address >> 32) == MappedIPv4Prefix;

    /// <summary>Whether it has an IPv6 address.</summary>
    public bool IsIPv6 => HasAddress && (Address >> 32) != MappedIPv4Prefix;

    /// <summary>The interface of a link-local IPv6 address; 0 when there is none.</summary>
    public uint ScopeId => _scopeId;

    /// <summary>The TCP port, 0 to 65535; 0 asks the system to choose one. Always 0 for Unix endpoints.</summary>
    public int Port => _port;

    /// <summary>The path of a Unix socket, empty for a peer without a name; path and query of a WebSocket; empty for TCP.</summary>
    public string Path => _path ?? "";

    private bool HasAddress => Kind is EndpointKind.Tcp or EndpointKind.WebSocket;

    /// <summary>Whether traffic stays on this machine: 127.0.0.0/8, ::1 and every Unix socket.</summary>
    public bool IsLoopback => Kind switch
    {
        EndpointKind.Unix => true,
        EndpointKind.Tcp or EndpointKind.WebSocket when IsIPv4 => (byte)(_lower >> 24) == 127,
        _ => Address == UInt128.One,
    };

    /// <summary>Whether this is the address of every interface: 0.0.0.0 or ::.</summary>
    public bool IsAny => IsIPv4 ? (uint)_lower == 0 : IsIPv6 && Address == UInt128.Zero;

    /// <summary>Names a TCP endpoint.</summary>
    /// <param name="address">An IPv4 or IPv6 address; <c>localhost</c> means 127.0.0.1, <c>*</c> means 0.0.0.0.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <exception cref="ArgumentException">The address is a name or is not written well, or the port is out of range.</exception>
    public static NetEndpoint Tcp(string address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!EndpointText.TryParseAddress(address, out IPAddress? parsed))
        {
            throw new ArgumentException(
                $"'{address}' is not an IP address: write one such as 127.0.0.1 or ::1, 'localhost', or '*' for every interface.",
                nameof(address));
        }

        return Tcp(parsed, port);
    }

    /// <summary>Names a TCP endpoint.</summary>
    /// <param name="address">IPv4 or IPv6; an IPv4-mapped IPv6 address becomes the IPv4 address.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is out of range.</exception>
    public static NetEndpoint Tcp(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (port is < 0 or > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "A TCP port is a number from 0 to 65535.");
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int length);
        return length == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port)
            : FromIPv6(BinaryPrimitives.ReadUInt128BigEndian(bytes), (uint)address.ScopeId, (ushort)port);
    }

    /// <summary>Names a TCP endpoint at which WebSocket is spoken.</summary>
    /// <param name="address">As for <see cref="Tcp(string, int)"/>.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <param name="target">What a client asks for: path and query, beginning with a slash, in visible ASCII. A listener accepts every target.</param>
    /// <exception cref="ArgumentException">The address is a name or is not written well, the port is out of range, or the target is not one.</exception>
    public static NetEndpoint WebSocket(string address, int port, string target = "/")
    {
        ArgumentNullException.ThrowIfNull(target);
        return EndpointText.RefuseTarget(target) is { } refusal ? throw new ArgumentException(refusal, nameof(target)) : Tcp(address, port).AsWebSocket(target);
    }

    /// <summary>Names the path of a Unix socket.</summary>
    /// <param name="path">
    /// Not empty, at most <see cref="MaxUnixPathBytes"/> bytes in UTF-8; abstract names (a leading zero) are not supported.
    /// </param>
    /// <exception cref="ArgumentException">The path is empty, too long or holds a zero character.</exception>
    public static NetEndpoint Unix(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return EndpointText.RefuseUnixPath(path) is { } refusal ? throw new ArgumentException(refusal, nameof(path)) : new(path);
    }

    /// <summary>Reads <c>HOST:PORT</c>, <c>[IPV6]:PORT</c>, <c>tcp://HOST:PORT</c>, <c>ws://HOST:PORT/TARGET</c>, <c>unix:PATH</c> or <c>unix://PATH</c>.</summary>
    /// <exception cref="FormatException">The text is none of these; the message says what to write.</exception>
    public static NetEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EndpointText.Parse(text, out NetEndpoint endpoint) is { } refusal ? throw new FormatException(refusal) : endpoint;
    }

    /// <summary>Reads what <see cref="Parse"/> reads, and says whether it could.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NetEndpoint endpoint)
    {
        endpoint = default;
        return text is not null && EndpointText.Parse(text, out endpoint) is null;
    }

    /// <summary>The same address with another port.</summary>
    /// <exception cref="InvalidOperationException">This is a Unix socket.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 0 to 65535.</exception>
    public NetEndpoint WithPort(int port)
    {
        if (!HasAddress)
        {
            throw new InvalidOperationException("Only an endpoint with an IP address has a port.");
        }

        return port is < 0 or > ushort.MaxValue
            ? throw new ArgumentOutOfRangeException(nameof(port), port, "A TCP port is a number from 0 to 65535.")
            : new NetEndpoint(Address, _scopeId, (ushort)port, _path);
    }

    /// <summary>
    /// The text with its scheme: <c>tcp://127.0.0.1:7777</c>, <c>ws://127.0.0.1:7780/</c> or <c>unix:///run/game.sock</c>; <see cref="Parse"/>
    /// reads it back.
    /// </summary>
    public string ToUri() => Kind switch
    {
        EndpointKind.Tcp => $"tcp://{this}",
        EndpointKind.WebSocket => $"ws://{ToTcp()}{Path}",
        EndpointKind.Unix => $"unix://{Path}",
        _ => "",
    };

    /// <summary>The text for logs: <c>127.0.0.1:7777</c>, <c>[::1]:7777</c>, or the path of a Unix socket, which its owner chose: control characters are escaped.</summary>
    public override string ToString() => Kind switch
    {
        EndpointKind.Tcp or EndpointKind.WebSocket => new IPEndPoint(ToIPAddress(), _port).ToString(),
        EndpointKind.Unix => Path.Length == 0 ? "(unnamed Unix socket)" : EscapedText.From(Path),
        _ => "(none)",
    };

    /// <summary>Made without allocating.</summary>
    internal static NetEndpoint FromIPv4(uint address, ushort port) => new(new UInt128(0, (MappedIPv4Prefix << 32) | address), 0, port);

    /// <summary>Made without allocating; a mapped address is an IPv4 address from here on, which has no scope.</summary>
    internal static NetEndpoint FromIPv6(UInt128 address, uint scopeId, ushort port) =>
        new(address, (address >> 32) == MappedIPv4Prefix ? 0 : scopeId, port);

    /// <summary>
    /// A Unix path as the system told it, unchecked: a peer chooses its own. Empty for a peer without one, as most clients are.
    /// </summary>
    internal static NetEndpoint FromUnixPath(string path) => new(path);

    /// <summary>What the operating system needs to know of it: a WebSocket's TCP endpoint, or the endpoint itself.</summary>
    internal NetEndpoint ToTcp() => Kind == EndpointKind.WebSocket ? new NetEndpoint(Address, _scopeId, _port) : this;

    /// <summary>A TCP endpoint at which WebSocket is spoken.</summary>
    internal NetEndpoint AsWebSocket(string target) => new(Address, _scopeId, _port, target);

    internal IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, _scopeId);
    }
}
