using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Options of a server. The limits of its sessions are options of its listeners.</summary>
public sealed class NetServerOptions : EventLoopOptions
{
    /// <summary>Maximum of <see cref="Loops"/>. Each loop is a thread that should have a core of its own.</summary>
    internal const int MostLoops = 64;

    /// <summary>Minimum of <see cref="MaxOpeningBytes"/>. A lower limit would close honest clients whose Hello arrives in pieces.</summary>
    private const int LeastOpeningBytes = 64 * 1024;

    private readonly List<ListenOptions> _listeners = [];

    internal NetServerOptions() => TickRate = 60;

    /// <summary>
    /// Number of loops, each with its own thread: 1 to 64. More than one is supported on Linux only, for servers that need more than one core. A session lives
    /// on one loop, which runs its handlers, so handlers of different sessions may run at the same time; ticks run on the first loop. Limits on connections
    /// apply to the server, and limits on the inbox and the command queue to each loop. <see cref="EventLoopOptions.MaxBufferBytes"/>,
    /// <see cref="MaxOpeningConnections"/> and <see cref="MaxOpeningBytes"/> are divided equally between the loops.
    /// </summary>
    public int Loops { get; set; } = 1;

    /// <summary>
    /// Maximum number of connections at a time. Lowered to the limit of open files of the process, minus the files open at the start, minus 32 in reserve for
    /// rejecting connections and 64 for the runtime. Connections are also rejected when other code of the process (clients, another server, files) has used
    /// up the descriptors above that reserve.
    /// </summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Maximum number of connections that have not sent Hello yet; beyond that, the oldest of them is closed.</summary>
    public int MaxOpeningConnections { get; set; } = 1024;

    /// <summary>
    /// Maximum number of bytes that the server holds in total for connections that have not sent Hello yet or wait for its response; beyond that, the oldest
    /// of them are closed.
    /// </summary>
    public int MaxOpeningBytes { get; set; } = 8 << 20;

    /// <summary>Decides which clients may open a session; null accepts all.</summary>
    public Authenticator? Authenticate { get; set; }

    /// <summary>Hash of the server's contracts, compared with the client's; 0 if not known.</summary>
    public ulong ContractFingerprint { get; set; }

    /// <summary>Accepts clients with another <see cref="ContractFingerprint"/>.</summary>
    public bool AcceptAnyFingerprint { get; set; }

    /// <summary>How long a stop may take: half of it for handlers to finish, and the rest for queues to empty and peers to close.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The listeners added so far.</summary>
    public IReadOnlyList<ListenOptions> Listeners => _listeners;

    /// <summary>Listens on TCP.</summary>
    /// <param name="address">An IP address, or a host name, which is resolved when the server starts; 0.0.0.0 or [::] for all interfaces.</param>
    /// <param name="port">1 to 65535, or 0 to let the system choose.</param>
    /// <param name="configure">The listener's own options.</param>
    public void ListenTcp(string address, int port, Action<ListenOptions>? configure = null) => Listen(NetEndpoint.Tcp(address, port), configure);

    /// <summary>Listens on TCP, encrypted by TLS.</summary>
    /// <param name="address">An IP address, or a host name, which is resolved when the server starts; 0.0.0.0 or [::] for all interfaces.</param>
    /// <param name="port">1 to 65535, or 0 to let the system choose.</param>
    /// <param name="certificateFile">A PEM file with the certificate, followed by those of its authorities.</param>
    /// <param name="keyFile">A PEM file with the private key.</param>
    /// <param name="configure">The listener's own options.</param>
    public void ListenTls(string address, int port, string certificateFile, string keyFile, Action<ListenOptions>? configure = null) =>
        Listen(NetEndpoint.Tls(address, port), listener =>
        {
            listener.Tls = new TlsServerOptions { CertificateFile = certificateFile, KeyFile = keyFile };
            configure?.Invoke(listener);
        });

    /// <summary>Listens for browsers and other WebSocket clients. Each binary message carries one body.</summary>
    /// <param name="address">An IP address, or a host name, which is resolved when the server starts; 0.0.0.0 or [::] for all interfaces.</param>
    /// <param name="port">1 to 65535, or 0 to let the system choose.</param>
    /// <param name="configure">The listener's own options; <see cref="ListenOptions.WebSocket"/> says which pages may connect.</param>
    public void ListenWebSocket(string address, int port, Action<ListenOptions>? configure = null) =>
        Listen(NetEndpoint.WebSocket(address, port), configure);

    /// <summary>
    /// Listens on UDP. Packets are encrypted and authenticated (netcode 1.02), and only clients with a connect token can connect. Clients get one from this
    /// server over TCP on the same port, or from a service that has the key; see <see cref="ListenOptions.Udp"/>.
    /// </summary>
    /// <param name="address">An IP address, or a host name, which is resolved when the server starts; 0.0.0.0 or [::] for all interfaces.</param>
    /// <param name="port">1 to 65535, or 0 to let the system choose.</param>
    /// <param name="configure">The listener's own options.</param>
    /// <remarks>All clients of a UDP listener are served by one loop: the first.</remarks>
    public void ListenUdp(string address, int port, Action<ListenOptions>? configure = null) => Listen(NetEndpoint.Udp(address, port), configure);

    /// <summary>Listens on a Unix stream socket.</summary>
    /// <param name="path">
    /// Path of the socket file. A leftover socket file on which no process listens is replaced. If several servers start on the same path at once, one
    /// succeeds; they synchronize with the file <c>PATH.lock</c>, which exists only for that moment.
    /// </param>
    /// <param name="configure">The listener's own options.</param>
    public void ListenUnix(string path, Action<ListenOptions>? configure = null) => Listen(NetEndpoint.Unix(path), configure);

    /// <summary>Listens on an endpoint.</summary>
    public void Listen(NetEndpoint endpoint, Action<ListenOptions>? configure = null)
    {
        var listener = new ListenOptions(endpoint);
        configure?.Invoke(listener);
        _listeners.Add(listener);
    }

    internal override void Validate()
    {
        base.Validate();
        Require(Loops is >= 1 and <= MostLoops, nameof(Loops), Loops, "1 to 64");
        Require(MaxConnections >= 1, nameof(MaxConnections), MaxConnections, "at least 1");
        Require(MaxOpeningConnections >= 1, nameof(MaxOpeningConnections), MaxOpeningConnections, "at least 1");
        Require(MaxOpeningBytes >= LeastOpeningBytes, nameof(MaxOpeningBytes), MaxOpeningBytes, "at least 65536");
        Require(DrainTimeout > TimeSpan.Zero, nameof(DrainTimeout), DrainTimeout, "more than zero");
        foreach (ListenOptions listener in _listeners)
        {
            listener.Validate();
        }
    }
}
