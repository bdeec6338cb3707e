using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using NetLoop.Diagnostics;
using NetLoop.Stack;

namespace NetLoop;

/// <summary>
/// Where to listen or to connect: a transport (a TCP port of an IP address or host, or the path of a Unix socket) and the scheme that is
/// spoken over it.
/// </summary>
/// <remarks>
/// Thread: any; immutable, compared by value. Texts: <c>127.0.0.1:7777</c>, <c>[::1]:7777</c>, <c>tcp://game.example:7777</c>, <c>ws://127.0.0.1:7780/</c>,
/// <c>unix:/run/game.sock</c>; see <see cref="Parse"/>. A host name is looked up when a client connects or a server starts.
/// </remarks>
public readonly record struct NetEndpoint
{
    /// <summary>The longest path of a Unix socket in UTF-8 bytes: <c>sun_path</c> of Linux has 108 with its final zero.</summary>
    public const int MaxUnixPathBytes = 107;

    private const ulong MappedIPv4Prefix = 0xFFFF;

    // A UInt128 would be aligned to 16 bytes; every session has an endpoint.
    private readonly ulong _upper;
    private readonly ulong _lower;
    // A string: path of a Unix socket, or target of a WebSocket. An EndpointName when there is no address.
    private readonly object? _names;
    private readonly uint _scopeId;
    private readonly ushort _port;
    private readonly byte _transport;
    private readonly byte _scheme;

    private NetEndpoint(UInt128 address, uint scopeId, ushort port, string? target = null)
    {
        _transport = (byte)TransportKind.Tcp;
        _scheme = (byte)(target is null ? EndpointScheme.Plain : EndpointScheme.WebSocket);
        _names = target;
        _upper = (ulong)(address >> 64);
        _lower = (ulong)address;
        _scopeId = scopeId;
        _port = port;
    }

    private NetEndpoint(string path)
    {
        _transport = (byte)TransportKind.Unix;
        _names = path;
    }

    private NetEndpoint(EndpointName name, ushort port)
    {
        _transport = (byte)TransportKind.Tcp;
        _scheme = (byte)(name.Target is null ? EndpointScheme.Plain : EndpointScheme.WebSocket);
        _names = name;
        _port = port;
    }

    /// <summary>What carries the bytes.</summary>
    public TransportKind Transport => (TransportKind)_transport;

    /// <summary>What is spoken over it.</summary>
    public EndpointScheme Scheme => (EndpointScheme)_scheme;

    /// <summary>The host name, in lower case; empty when there is an address, or a path.</summary>
    public string HostName => _names is EndpointName name ? name.Host : "";

    /// <summary>
    /// The IP address as one number; an IPv4 address in its IPv6-mapped form <c>::ffff:a.b.c.d</c>. 0 for Unix sockets and host names.
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
    public string Path => _names switch
    {
        string path => path,
        EndpointName name => name.Target ?? "",
        _ => "",
    };

    /// <summary>Whether the operating system can be asked for it: a host name has to be looked up before.</summary>
    internal bool IsResolved => Transport == TransportKind.Unix || HasAddress;

    private bool HasAddress => Transport == TransportKind.Tcp && _names is not EndpointName;

    /// <summary>Whether traffic stays on this machine: 127.0.0.0/8, ::1, <c>localhost</c> and every Unix socket.</summary>
    public bool IsLoopback => Transport switch
    {
        TransportKind.Unix => true,
        TransportKind.Tcp when !HasAddress => EndpointText.IsLocalhost(HostName),
        TransportKind.Tcp when IsIPv4 => (byte)(_lower >> 24) == 127,
        _ => Address == UInt128.One,
    };

    /// <summary>Whether this is the address of every interface: 0.0.0.0 or ::.</summary>
    public bool IsAny => IsIPv4 ? (uint)_lower == 0 : IsIPv6 && Address == UInt128.Zero;

    /// <summary>Names a TCP endpoint.</summary>
    /// <param name="host">An IPv4 or IPv6 address, a host name such as <c>localhost</c> or <c>game.example</c>, or <c>*</c> for 0.0.0.0.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <exception cref="ArgumentException">The host is not written well, or the port is out of range.</exception>
    public static NetEndpoint Tcp(string host, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (EndpointText.TryParseAddress(host, out IPAddress? address))
        {
            return Tcp(address, port);
        }

        if (!EndpointText.IsHostName(host))
        {
            throw new ArgumentException(
                $"'{host}' is neither an IP address nor a host name: write one such as 127.0.0.1, ::1 or game.example, or '*' for every interface.",
                nameof(host));
        }

        return new NetEndpoint(new EndpointName(host.ToLowerInvariant(), Target: null), CheckedPort(port));
    }

    /// <summary>Names a TCP endpoint.</summary>
    /// <param name="address">IPv4 or IPv6; an IPv4-mapped IPv6 address becomes the IPv4 address.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is out of range.</exception>
    public static NetEndpoint Tcp(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        ushort checkedPort = CheckedPort(port);
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int length);
        return length == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), checkedPort)
            : FromIPv6(BinaryPrimitives.ReadUInt128BigEndian(bytes), (uint)address.ScopeId, checkedPort);
    }

    /// <summary>Names a TCP endpoint at which WebSocket is spoken.</summary>
    /// <param name="host">As for <see cref="Tcp(string, int)"/>.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <param name="target">What a client asks for: path and query, beginning with a slash, in visible ASCII. A listener accepts every target.</param>
    /// <exception cref="ArgumentException">The host is not written well, the port is out of range, or the target is not one.</exception>
    public static NetEndpoint WebSocket(string host, int port, string target = "/")
    {
        ArgumentNullException.ThrowIfNull(target);
        return EndpointText.RefuseTarget(target) is { } refusal ? throw new ArgumentException(refusal, nameof(target)) : Tcp(host, port).AsWebSocket(target);
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

    /// <summary>
    /// Reads <c>HOST:PORT</c>, <c>[IPV6]:PORT</c>, <c>tcp://HOST:PORT</c>, <c>ws://HOST:PORT/TARGET</c>, <c>unix:PATH</c> or
    /// <c>unix://PATH</c>.
    /// </summary>
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
        if (Transport != TransportKind.Tcp)
        {
            throw new InvalidOperationException("Only an endpoint of TCP has a port.");
        }

        ushort checkedPort = CheckedPort(port);
        return _names is EndpointName name ? new NetEndpoint(name, checkedPort) : new NetEndpoint(Address, _scopeId, checkedPort, (string?)_names);
    }

    /// <summary>
    /// The text with its scheme: <c>tcp://127.0.0.1:7777</c>, <c>ws://127.0.0.1:7780/</c> or <c>unix:///run/game.sock</c>; <see cref="Parse"/>
    /// reads it back.
    /// </summary>
    public string ToUri() => (Transport, Scheme) switch
    {
        (TransportKind.Tcp, EndpointScheme.Plain) => $"tcp://{this}",
        (TransportKind.Tcp, EndpointScheme.WebSocket) => $"ws://{this}{Path}",
        (TransportKind.Unix, _) => $"unix://{Path}",
        _ => "",
    };

    /// <summary>
    /// The text for logs: <c>127.0.0.1:7777</c>, <c>[::1]:7777</c>, or the path of a Unix socket, which its owner chose: control characters
    /// are escaped.
    /// </summary>
    public override string ToString() => Transport switch
    {
        TransportKind.Tcp when HasAddress => new IPEndPoint(ToIPAddress(), _port).ToString(),
        TransportKind.Tcp => $"{HostName}:{_port}",
        TransportKind.Unix => Path.Length == 0 ? "(unnamed Unix socket)" : EscapedText.From(Path),
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
    internal NetEndpoint ToTcp() => Scheme == EndpointScheme.Plain ? this
        : _names is EndpointName name ? new NetEndpoint(name with { Target = null }, _port)
        : new NetEndpoint(Address, _scopeId, _port);

    /// <summary>A TCP endpoint at which WebSocket is spoken.</summary>
    internal NetEndpoint AsWebSocket(string target) =>
        _names is EndpointName name ? new NetEndpoint(name with { Target = target }, _port) : new NetEndpoint(Address, _scopeId, _port, target);

    /// <summary>The same port, scheme and target at an address that its host name stands for.</summary>
    internal NetEndpoint At(IPAddress address)
    {
        NetEndpoint resolved = Tcp(address, _port);
        return Scheme == EndpointScheme.WebSocket ? resolved.AsWebSocket(Path) : resolved;
    }

    private static ushort CheckedPort(int port) => port is < 0 or > ushort.MaxValue
        ? throw new ArgumentOutOfRangeException(nameof(port), port, "A TCP port is a number from 0 to 65535.")
        : (ushort)port;

    internal IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, _scopeId);
    }
}
