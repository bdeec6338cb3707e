using NetLoop.Transports;

namespace NetLoop.Sessions;

/// <summary>What all sessions of one listener or client on one loop share: its options in the form the loop needs. Times are nanoseconds.</summary>
internal sealed class SessionProfile
{
    private const long NanosecondsPerTick = 100;

    /// <param name="services">Those of the loop.</param>
    /// <param name="host">The listener or client.</param>
    /// <param name="options">Checked already.</param>
    /// <param name="dispatcher">Where its messages go.</param>
    /// <param name="requiresHello">
    /// Whether sessions open by Hello. Nobody else is asked who he is, nor whether he is alive: without it there are no pings, and no idle
    /// timeout.
    /// </param>
    public SessionProfile(LoopServices services, ISessionHost host, SessionOptions options, IDispatcher dispatcher, bool requiresHello)
    {
        Services = services;
        Host = host;
        Options = options;
        Dispatcher = dispatcher;
        RequiresHello = requiresHello;
        HandshakeTimeout = Nanoseconds(options.HandshakeTimeout);
        IdleTimeout = requiresHello ? Nanoseconds(options.IdleTimeout) : 0;
        PingInterval = requiresHello ? Nanoseconds(options.PingInterval) : 0;
        CloseTimeout = Nanoseconds(options.CloseTimeout);
    }

    /// <summary>What all sessions of the loop share.</summary>
    public LoopServices Services { get; }

    /// <summary>Whom the sessions belong to.</summary>
    public ISessionHost Host { get; }

    /// <summary>As the application chose them.</summary>
    public SessionOptions Options { get; }

    public IDispatcher Dispatcher { get; }

    /// <summary>Where its connections go while they have nothing to do; null when they do not.</summary>
    public IParking? Parking { get; init; }

    /// <summary>Whether the session opens by Hello.</summary>
    public bool RequiresHello { get; }

    /// <summary>Whether bodies are a raw protocol's, not MessagePack.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Whether the engine may send control bodies: Ping and Goodbye.</summary>
    public bool SpeaksControl { get; init; }

    /// <summary>
    /// What the end of the peer's input means when nothing was said before it. Whoever opens by Hello closes by Goodbye; a listener without Hello, such as
    /// that of a raw protocol, takes it for an ordinary end.
    /// </summary>
    public CloseReason EndOfInputReason { get; init; } = CloseReason.Disconnected;

    public ulong Fingerprint { get; init; }

    public bool AcceptsAnyFingerprint { get; init; }

    public Authenticator? Authenticate { get; init; }

    public int TickRate { get; init; }

    public long HandshakeTimeout { get; }

    public long IdleTimeout { get; }

    public long PingInterval { get; }

    public long CloseTimeout { get; }

    public static long Nanoseconds(TimeSpan time) =>
        time.Ticks > long.MaxValue / NanosecondsPerTick ? long.MaxValue / 4 : time.Ticks * NanosecondsPerTick;
}
