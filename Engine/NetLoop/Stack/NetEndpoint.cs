using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using NetLoop.Diagnostics;
using NetLoop.Stack;

namespace NetLoop;

/// <summary>
/// An endpoint to listen on or to connect to: a transport (a TCP or UDP port at an IP address or host, or the path of a Unix socket) and the scheme that
/// is spoken over it.
/// </summary>
/// <remarks>
/// Thread: any; immutable, compared by value. Text forms: <c>127.0.0.1:7777</c>, <c>[::1]:7777</c>, <c>tcp://game.example:7777</c>,
/// <c>tls://game.example:7777</c>, <c>ws://127.0.0.1:7780/</c>, <c>wss://game.example:443/</c>, <c>udp://game.example:7777</c>,
/// <c>unix:/run/game.sock</c>; see <see cref="Parse"/>. A host name is resolved when a client connects or a server starts.
/// </remarks>
public readonly record struct NetEndpoint
{
    /// <summary>The longest path of a Unix socket in UTF-8 bytes: <c>sun_path</c> on Linux has 108 bytes, including the final zero.</summary>
    public const int MaxUnixPathBytes = 107;

    private const ulong MappedIPv4Prefix = 0xFFFF;

    // A UInt128 would be aligned to 16 bytes, and every session has an endpoint.
    private readonly ulong _upper;
    private readonly ulong _lower;

    // A string: the path of a Unix socket or the target of a WebSocket. An EndpointName if there is a host name instead of an address.
    private readonly object? _names;
    private readonly uint _scopeId;
    private readonly ushort _port;
    private readonly byte _transport;
    private readonly byte _scheme;

    private NetEndpoint(UInt128 address, uint scopeId, ushort port, EndpointScheme scheme = EndpointScheme.Plain, string? target = null)
    {
        _transport = (byte)TransportKind.Tcp;
        _scheme = (byte)scheme;
        _names = target;
        _upper = (ulong)(address >> 64);
        _lower = (ulong)address;
        _scopeId = scopeId;
        _port = port;
    }

    private NetEndpoint(in NetEndpoint other, TransportKind transport)
    {
        this = other;
        _transport = (byte)transport;
    }

    private NetEndpoint(string path)
    {
        _transport = (byte)TransportKind.Unix;
        _names = path;
    }

    private NetEndpoint(EndpointName name, ushort port, EndpointScheme scheme = EndpointScheme.Plain)
    {
        _transport = (byte)TransportKind.Tcp;
        _scheme = (byte)scheme;
        _names = name;
        _port = port;
    }

    /// <summary>The transport that carries the bytes.</summary>
    public TransportKind Transport => (TransportKind)_transport;

    /// <summary>The scheme that is spoken over the transport.</summary>
    public EndpointScheme Scheme => (EndpointScheme)_scheme;

    /// <summary>Whether it speaks WebSocket, encrypted or not.</summary>
    public bool IsWebSocket => Scheme is EndpointScheme.WebSocket or EndpointScheme.SecureWebSocket;

    /// <summary>Whether it is encrypted by TLS.</summary>
    public bool IsEncrypted => Scheme is EndpointScheme.Tls or EndpointScheme.SecureWebSocket;

    /// <summary>The host name, in lower case; empty if the endpoint has an address or the path of a Unix socket.</summary>
    public string HostName => _names is EndpointName name ? name.Host : "";

    /// <summary>
    /// The IP address as one number; an IPv4 address in its IPv6-mapped form <c>::ffff:a.b.c.d</c>. 0 for Unix sockets and host names.
    /// </summary>
    /// <remarks>Both families have one form, so that limits per address can use it as a key, whichever socket the peer connected to.</remarks>
    public UInt128 Address => new(_upper, _lower);

    /// <summary>Whether it has an IPv4 address.</summary>
    public bool IsIPv4 => HasAddress && (Address >> 32) == MappedIPv4Prefix;

    /// <summary>Whether it has an IPv6 address.</summary>
    public bool IsIPv6 => HasAddress && (Address >> 32) != MappedIPv4Prefix;

    /// <summary>The interface of a link-local IPv6 address; 0 when there is none.</summary>
    public uint ScopeId => _scopeId;

    /// <summary>The TCP or UDP port, 0 to 65535; 0 lets the system choose. Always 0 for Unix endpoints.</summary>
    public int Port => _port;

    /// <summary>The path of a Unix socket, or empty for a peer without a name; path and query for a WebSocket; empty for plain TCP.</summary>
    public string Path => _names switch
    {
        string path => path,
        EndpointName name => name.Target ?? "",
        _ => "",
    };

    /// <summary>Whether the operating system can open it directly: a host name must be resolved first.</summary>
    internal bool IsResolved => Transport == TransportKind.Unix || HasAddress;

    /// <summary>Whether it has an IP address or host name, and a port.</summary>
    internal bool IsInternet => Transport is TransportKind.Tcp or TransportKind.Udp;

    private bool HasAddress => IsInternet && _names is not EndpointName;

    /// <summary>Whether traffic stays on this machine: 127.0.0.0/8, ::1, <c>localhost</c> and every Unix socket.</summary>
    public bool IsLoopback => Transport switch
    {
        TransportKind.Unix => true,
        TransportKind.Tcp or TransportKind.Udp when !HasAddress => EndpointText.IsLocalhost(HostName),
        TransportKind.Tcp or TransportKind.Udp when IsIPv4 => (byte)(_lower >> 24) == 127,
        _ => Address == UInt128.One,
    };

    /// <summary>Whether this is the address of every interface: 0.0.0.0 or ::.</summary>
    public bool IsAny => IsIPv4 ? (uint)_lower == 0 : IsIPv6 && Address == UInt128.Zero;

    /// <summary>Creates a TCP endpoint.</summary>
    /// <param name="host">An IPv4 or IPv6 address, a host name such as <c>localhost</c> or <c>game.example</c>, or <c>*</c> for 0.0.0.0.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <exception cref="ArgumentException">The host is not valid, or the port is out of range.</exception>
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
                $"'{host}' is neither an IP address nor a host name: use one such as 127.0.0.1, ::1 or game.example, or '*' for every interface.",
                nameof(host));
        }

        return new NetEndpoint(new EndpointName(host.ToLowerInvariant(), Target: null), CheckedPort(port));
    }

    /// <summary>Creates a TCP endpoint.</summary>
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

    /// <summary>Creates a UDP endpoint.</summary>
    /// <inheritdoc cref="Tcp(string, int)"/>
    public static NetEndpoint Udp(string host, int port) => Tcp(host, port).AsUdp();

    /// <summary>Creates a TCP endpoint that is encrypted by TLS.</summary>
    /// <inheritdoc cref="Tcp(string, int)"/>
    public static NetEndpoint Tls(string host, int port) => Tcp(host, port).Encrypted();

    /// <summary>Creates a WebSocket endpoint that is encrypted by TLS.</summary>
    /// <inheritdoc cref="WebSocket"/>
    public static NetEndpoint SecureWebSocket(string host, int port, string target = "/") => WebSocket(host, port, target).Encrypted();

    /// <summary>Creates a WebSocket endpoint.</summary>
    /// <param name="host">As for <see cref="Tcp(string, int)"/>.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <param name="target">Path and query that a client requests, beginning with a slash, in visible ASCII. A listener accepts every target.</param>
    /// <exception cref="ArgumentException">The host is not valid, the port is out of range, or the target is not valid.</exception>
    public static NetEndpoint WebSocket(string host, int port, string target = "/")
    {
        ArgumentNullException.ThrowIfNull(target);
        return EndpointText.GetTargetError(target) is { } refusal ? throw new ArgumentException(refusal, nameof(target)) : Tcp(host, port).AsWebSocket(target);
    }

    /// <summary>Creates the endpoint of a Unix socket.</summary>
    /// <param name="path">
    /// Not empty, at most <see cref="MaxUnixPathBytes"/> bytes in UTF-8; abstract names (a leading zero) are not supported.
    /// </param>
    /// <exception cref="ArgumentException">The path is empty, too long, or contains a zero character.</exception>
    public static NetEndpoint Unix(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return EndpointText.GetUnixPathError(path) is { } refusal ? throw new ArgumentException(refusal, nameof(path)) : new(path);
    }

    /// <summary>
    /// Parses <c>HOST:PORT</c>, <c>[IPV6]:PORT</c>, <c>tcp://HOST:PORT</c>, <c>tls://HOST:PORT</c>, <c>ws://HOST:PORT/TARGET</c>,
    /// <c>wss://HOST:PORT/TARGET</c>, <c>unix:PATH</c> or <c>unix://PATH</c>.
    /// </summary>
    /// <exception cref="FormatException">The text has none of these forms; the message says which form to use.</exception>
    public static NetEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EndpointText.Parse(text, out NetEndpoint endpoint) is { } refusal ? throw new FormatException(refusal) : endpoint;
    }

    /// <summary>Parses the same forms as <see cref="Parse"/>; returns false if the text has none of them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NetEndpoint endpoint)
    {
        endpoint = default;
        return text is not null && EndpointText.Parse(text, out endpoint) is null;
    }

    /// <summary>Returns the same endpoint with another port.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is a Unix socket.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 0 to 65535.</exception>
    public NetEndpoint WithPort(int port)
    {
        if (!IsInternet)
        {
            throw new InvalidOperationException("Only a TCP or UDP endpoint has a port.");
        }

        ushort checkedPort = CheckedPort(port);
        NetEndpoint endpoint = _names is EndpointName name
            ? new NetEndpoint(name, checkedPort, Scheme)
            : new NetEndpoint(Address, _scopeId, checkedPort, Scheme, (string?)_names);
        return new NetEndpoint(endpoint, Transport);
    }

    /// <summary>
    /// Returns the text form with its scheme: <c>tcp://127.0.0.1:7777</c>, <c>tls://game.example:7777</c>, <c>ws://127.0.0.1:7780/</c>,
    /// <c>wss://game.example:443/</c>, <c>udp://game.example:7777</c> or <c>unix:///run/game.sock</c>; <see cref="Parse"/> reads it back.
    /// </summary>
    public string ToUri() => (Transport, Scheme) switch
    {
        (TransportKind.Tcp, EndpointScheme.Plain) => $"tcp://{this}",
        (TransportKind.Tcp, EndpointScheme.Tls) => $"tls://{this}",
        (TransportKind.Tcp, EndpointScheme.WebSocket) => $"ws://{this}{Path}",
        (TransportKind.Tcp, EndpointScheme.SecureWebSocket) => $"wss://{this}{Path}",
        (TransportKind.Udp, _) => $"udp://{this}",
        (TransportKind.Unix, _) => $"unix://{Path}",
        _ => "",
    };

    /// <summary>
    /// Returns the text form for logs: <c>127.0.0.1:7777</c>, <c>[::1]:7777</c>, or the path of a Unix socket. Peers choose such paths, so control
    /// characters in them are escaped.
    /// </summary>
    public override string ToString() => Transport switch
    {
        TransportKind.Tcp or TransportKind.Udp when HasAddress => new IPEndPoint(ToIPAddress(), _port).ToString(),
        TransportKind.Tcp or TransportKind.Udp => $"{HostName}:{_port}",
        TransportKind.Unix => Path.Length == 0 ? "(unnamed Unix socket)" : EscapedText.From(Path),
        _ => "(none)",
    };

    /// <summary>Creates an IPv4 endpoint without allocating.</summary>
    internal static NetEndpoint FromIPv4(uint address, ushort port) => new(new UInt128(0, (MappedIPv4Prefix << 32) | address), 0, port);

    /// <summary>Creates an IPv6 endpoint without allocating. A mapped address becomes an IPv4 address, which has no scope.</summary>
    internal static NetEndpoint FromIPv6(UInt128 address, uint scopeId, ushort port) =>
        new(address, (address >> 32) == MappedIPv4Prefix ? 0 : scopeId, port);

    /// <summary>
    /// Creates the endpoint of a Unix path as reported by the system. It is unchecked, because peers choose their paths. Empty for a peer without a path, as
    /// most clients are.
    /// </summary>
    internal static NetEndpoint FromUnixPath(string path) => new(path);

    /// <summary>Creates a UDP endpoint without allocating.</summary>
    internal static NetEndpoint FromDatagramAddress(in DatagramAddress address) =>
        new NetEndpoint(address.Address, address.ScopeId, address.Port).AsUdp();

    /// <summary>Returns the endpoint that the operating system opens: the TCP endpoint below WebSocket and TLS, or the endpoint itself.</summary>
    internal NetEndpoint ToTcp() => Scheme == EndpointScheme.Plain ? this
        : _names is EndpointName name ? new NetEndpoint(name with { Target = null }, _port)
        : new NetEndpoint(Address, _scopeId, _port);

    /// <summary>Returns the UDP endpoint with the address and port of this endpoint, without its scheme.</summary>
    internal NetEndpoint AsUdp() => new(ToTcp(), TransportKind.Udp);

    /// <summary>Returns the TCP endpoint with the address and port of this endpoint, without its scheme.</summary>
    internal NetEndpoint AsTcp() => new(ToTcp(), TransportKind.Tcp);

    /// <summary>Returns the WebSocket endpoint at this TCP endpoint.</summary>
    internal NetEndpoint AsWebSocket(string target) => As(IsEncrypted ? EndpointScheme.SecureWebSocket : EndpointScheme.WebSocket, target);

    /// <summary>Returns the same endpoint, encrypted by TLS.</summary>
    internal NetEndpoint Encrypted() => Transport == TransportKind.Tcp
        ? As(IsWebSocket ? EndpointScheme.SecureWebSocket : EndpointScheme.Tls, IsWebSocket ? Path : null)
        : this;

    /// <summary>Returns the endpoint of this address and port with the scheme and the target of another.</summary>
    internal NetEndpoint WithSchemeOf(in NetEndpoint other) =>
        !IsInternet ? this
        : other.Transport == TransportKind.Udp ? AsUdp()
        : As(other.Scheme, other.IsWebSocket ? other.Path : null);

    /// <summary>Returns the endpoint with its host name replaced by an address; port, scheme and target stay.</summary>
    internal NetEndpoint At(IPAddress address) => Tcp(address, _port).WithSchemeOf(this);

    private NetEndpoint As(EndpointScheme scheme, string? target) => _names is EndpointName name
        ? new NetEndpoint(name with { Target = target }, _port, scheme)
        : new NetEndpoint(Address, _scopeId, _port, scheme, target);

    private static ushort CheckedPort(int port) => port is < 0 or > ushort.MaxValue
        ? throw new ArgumentOutOfRangeException(nameof(port), port, "A port is a number from 0 to 65535.")
        : (ushort)port;

    internal IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, _scopeId);
    }
}
