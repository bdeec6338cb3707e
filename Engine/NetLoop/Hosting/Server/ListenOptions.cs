using NetLoop.Handlers;
using NetLoop.Sessions;
using NetLoop.Transports;
using NetLoop.Transports.Tls;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Options of one listener: its endpoint, its protocol, and the limits of its sessions.</summary>
public sealed class ListenOptions : EndpointOptions
{
    private readonly List<MessageFilter> _filters = [];
    private readonly NetEndpoint _endpoint;
    private HandlerTable? _handlers;
    private TlsServer? _tls;

    internal ListenOptions(NetEndpoint endpoint) => _endpoint = endpoint;

    /// <summary>The endpoint on which it listens.</summary>
    public NetEndpoint Endpoint => Tls is null ? _endpoint : _endpoint.Encrypted();

    /// <summary>TLS options, with the listener's certificate; null for a listener that is not encrypted. For TCP and WebSocket listeners.</summary>
    public TlsServerOptions? Tls { get; set; }

    /// <summary>
    /// A name by which code finds the listener in <see cref="NetServerOptions.Listeners"/>; empty for none. Listeners from the configuration of a generic host
    /// have the name of their key.
    /// </summary>
    public string Name { get; set; } = "";

    /// <summary>Connections that the kernel may queue until they are accepted: 1 to 65,535.</summary>
    public int Backlog { get; set; } = 1024;

    /// <summary>
    /// Maximum number of connections from one address at a time; all IPv6 addresses of a /64 count as one. Not applied to loopback and Unix sockets.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; } = 64;

    /// <summary>
    /// Maximum number of new connections a second from one address, with bursts of twice that number. Not applied to loopback and Unix sockets.
    /// </summary>
    public double MaxNewConnectionsPerAddress { get; set; } = 20;

    /// <summary>
    /// The proxies and load balancers in front of this listener: addresses such as <c>10.0.0.7</c>, networks such as <c>10.0.0.0/8</c> or <c>fd00::/8</c>, or
    /// <c>unix</c> for the peers of a Unix socket. Empty, the default, for none.
    /// </summary>
    /// <remarks>
    /// Only trusted proxies can name the address of a client; the header is ignored when any other peer sends it. The limits per address do not apply to a
    /// trusted proxy's own address. List only machines from which no client connects: a client in a trusted network can claim any address.
    /// </remarks>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>
    /// Whether requests to clients have the W3C trace context of the current <see cref="System.Diagnostics.Activity"/>, if there is one and the client
    /// accepts it.
    /// </summary>
    public bool SendTraceContext { get; set; }

    /// <summary>
    /// Whether connections begin with a PROXY header (version 1 or 2), in which a load balancer names the address of the client: <c>send-proxy</c> of
    /// haproxy, <c>proxy_protocol on</c> of nginx. The listener then serves only connections of its <see cref="TrustedProxies"/>, and rejects all others.
    /// </summary>
    /// <remarks>
    /// Limits, logs, the authenticator and handlers use the address in the header. The header must arrive within
    /// <see cref="SessionOptions.HandshakeTimeout"/>, before TLS and WebSocket.
    /// </remarks>
    public bool UsesProxyProtocol { get; set; }

    /// <summary>Options of a UDP listener; ignored by other listeners.</summary>
    public UdpServerOptions Udp { get; } = new();

    /// <summary>Whether it was opened only to give connect tokens to clients of a UDP listener.</summary>
    internal bool GivesOnlyTokens { get; init; }

    /// <summary>Options of a WebSocket listener; ignored by other listeners.</summary>
    public WebSocketOptions WebSocket { get; } = new();

    /// <summary>Adds a filter that runs around the handlers of this listener's sessions, inside the server's filters.</summary>
    /// <inheritdoc cref="HandlerRegistry{TSelf}.Use(HandlerFilter)"/>
    public void Use(HandlerFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        _filters.Add(new AnyMessageFilter(filter));
    }

    /// <summary>Adds a filter for one message or request type of this listener's sessions, inside the server's filters.</summary>
    /// <inheritdoc cref="HandlerRegistry{TSelf}.Use(HandlerFilter)"/>
    public void Use<T>(HandlerFilter<T> filter)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(filter);
        _filters.Add(new MessageFilter<T>(filter));
    }

    /// <summary>The table for its sessions, the same on all loops.</summary>
    internal HandlerTable HandlersFor(HandlerTable handlers) => _filters.Count == 0 ? handlers : _handlers ??= handlers.ForFilters([.. _filters]);

    /// <summary>Its side of TLS handshakes, the same on all loops; null if it is not encrypted.</summary>
    /// <exception cref="ArgumentException">The certificate cannot be read.</exception>
    internal TlsServer? TlsServer => Tls is null
        ? null
        : _tls ??= new TlsServer(Tls, SessionProfile.Nanoseconds(HandshakeTimeout), SessionProfile.Nanoseconds(Tls.ReloadInterval));

    internal override void Validate()
    {
        base.Validate();
        WebSocket.Validate();
        Udp.Validate();
        bool isUdp = _endpoint.Transport == TransportKind.Udp;
        Require(!isUdp || (Framer is null && RawHandler is null), nameof(Framer), "set", "none over UDP, where a body travels by itself");
        Require(!isUdp || !UsesProxyProtocol, nameof(UsesProxyProtocol), "true", "TCP and WebSocket listeners");
        ValidateFraming(Endpoint.IsWebSocket);
        Require(Tls is not null || !_endpoint.IsEncrypted, nameof(Tls), "null", $"a certificate, for {_endpoint.ToUri()}");
        Require(Tls is null || _endpoint.Transport == TransportKind.Tcp, nameof(Tls), "set", "null for a Unix socket and for UDP, which is always encrypted");
        Tls?.Validate();
        Require(!WebSocket.UsesText || RawHandler is not null, "WebSocket.UsesText", "true", "raw protocols only, as MessagePack is binary");
        foreach (string proxy in TrustedProxies)
        {
            Require(
                ProxyNetworks.IsEntry(proxy),
                nameof(TrustedProxies),
                $"'{proxy}'",
                "addresses such as 10.0.0.7, networks such as 10.0.0.0/8 or fd00::/8 with zeros after the prefix, and unix");
        }

        ArgumentNullException.ThrowIfNull(Name);
        Require(!UsesProxyProtocol || TrustedProxies.Count > 0, nameof(UsesProxyProtocol), "true", "with TrustedProxies, which name the load balancers");
        Require(Backlog is >= 1 and <= 65_535, nameof(Backlog), Backlog, "1 to 65535");
        Require(MaxConnectionsPerAddress >= 1, nameof(MaxConnectionsPerAddress), MaxConnectionsPerAddress, "at least 1");
        Require(MaxNewConnectionsPerAddress > 0, nameof(MaxNewConnectionsPerAddress), MaxNewConnectionsPerAddress, "more than 0");
    }
}
