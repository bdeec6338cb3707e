using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>How a server runs. Limits of its sessions are options of its listeners.</summary>
public sealed class NetServerOptions : EventLoopOptions
{
    /// <summary>A loop is a thread that wants a core of its own.</summary>
    internal const int MostLoops = 64;

    /// <summary>Less than that would end honest clients whose opening comes in pieces.</summary>
    private const int LeastOpeningBytes = 64 * 1024;

    private readonly List<ListenOptions> _listeners = [];

    internal NetServerOptions() => TickRate = 60;

    /// <summary>
    /// Loops, each a thread: 1 to 64. More than one is for servers that a single core cannot carry, on Linux only. A session lives on one loop,
    /// which runs its handlers, so handlers of different sessions run at the same time; ticks run on the first loop. Limits of connections hold
    /// for the server; those of inbox and command queue for each loop; <see cref="EventLoopOptions.MaxBufferBytes"/>,
    /// <see cref="MaxOpeningConnections"/> and <see cref="MaxOpeningBytes"/> are shared out equally.
    /// </summary>
    public int Loops { get; set; } = 1;

    /// <summary>
    /// Connections at a time. Lowered to what the process may open less what it holds at the start, 32 for refusals and 64 for the runtime. A connection is
    /// refused, too, when others have taken the process's descriptors up to there: clients, another server, files.
    /// </summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Connections that have not said Hello yet; beyond, the oldest of them is closed.</summary>
    public int MaxOpeningConnections { get; set; } = 1024;

    /// <summary>
    /// Bytes that connections which have not said Hello yet, or wait for its answer, may make the server hold together; beyond, the oldest
    /// of them are closed.
    /// </summary>
    public int MaxOpeningBytes { get; set; } = 8 << 20;

    /// <summary>Decides who may open a session; null lets everybody in.</summary>
    public Authenticator? Authenticate { get; set; }

    /// <summary>Hash of the server's contracts, compared with the client's; 0 for not known.</summary>
    public ulong ContractFingerprint { get; set; }

    /// <summary>Lets clients with other contracts in.</summary>
    public bool AcceptAnyFingerprint { get; set; }

    /// <summary>How long a stop waits for handlers to finish, queues to empty and peers to close.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The listeners added so far.</summary>
    public IReadOnlyList<ListenOptions> Listeners => _listeners;

    /// <summary>Listens on TCP.</summary>
    /// <param name="address">An IP address; 0.0.0.0 or [::] for all.</param>
    /// <param name="port">1 to 65535, or 0 to let the system choose.</param>
    /// <param name="configure">The listener's own options.</param>
    public void ListenTcp(string address, int port, Action<ListenOptions>? configure = null) => Listen(NetEndpoint.Tcp(address, port), configure);

    /// <summary>Listens for browsers, and all others that speak WebSocket: one binary message is one body.</summary>
    /// <param name="address">An IP address; 0.0.0.0 or [::] for all.</param>
    /// <param name="port">1 to 65535, or 0 to let the system choose.</param>
    /// <param name="configure">The listener's own options; <see cref="ListenOptions.WebSocket"/> says which pages may connect.</param>
    public void ListenWebSocket(string address, int port, Action<ListenOptions>? configure = null) =>
        Listen(NetEndpoint.WebSocket(address, port), configure);

    /// <summary>Listens on a Unix stream socket.</summary>
    /// <param name="path">
    /// Of the socket's file; one that nobody listens on is replaced. Of several servers that start on it at once, one succeeds; they take turns by
    /// the file <c>PATH.lock</c>, which exists for that instant.
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
