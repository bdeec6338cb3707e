using NetLoop.Transports;

namespace NetLoop.Sessions;

/// <summary>
/// The settings that all sessions of one listener or client share on one loop: its options in the form that the loop needs. Times are nanoseconds.
/// </summary>
internal sealed class SessionProfile
{
    private const long NanosecondsPerTick = 100;

    /// <param name="services">The services of the loop.</param>
    /// <param name="host">The listener or client.</param>
    /// <param name="options">The options, already checked.</param>
    /// <param name="dispatcher">The receiver of the messages.</param>
    /// <param name="requiresHello">Whether sessions open with Hello. Without Hello there are no Pings and no idle timeout.</param>
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

    /// <summary>The services that all sessions of the loop share.</summary>
    public LoopServices Services { get; }

    /// <summary>The listener or client of the sessions.</summary>
    public ISessionHost Host { get; }

    /// <summary>The options of the application.</summary>
    public SessionOptions Options { get; }

    public IDispatcher Dispatcher { get; }

    /// <summary>Takes over idle connections; null if they are not parked.</summary>
    public IParking? Parking { get; init; }

    /// <summary>Whether the session opens with Hello.</summary>
    public bool RequiresHello { get; }

    /// <summary>Whether bodies are a raw protocol's, not MessagePack.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Whether the engine may send control bodies: Ping and Goodbye.</summary>
    public bool SpeaksControl { get; init; }

    /// <summary>
    /// The close reason when the peer's stream ends without a Goodbye. A session that opens with Hello closes with Goodbye; on a listener without Hello, such
    /// as that of a raw protocol over TCP, the end of the stream is a normal end. A WebSocket closes with a close frame.
    /// </summary>
    public CloseReason EndOfInputReason { get; init; } = CloseReason.Disconnected;

    /// <summary>The endpoint of the listener or client, for activities.</summary>
    public NetEndpoint Endpoint { get; init; }

    /// <summary>Whether requests from the other side may have a trace context.</summary>
    public bool ReadsTraceContext { get; init; }

    /// <summary>Whether requests to the other side may have a trace context, if it reads them.</summary>
    public bool SendsTraceContext { get; init; }

    /// <summary>The features to announce: by a client in Hello, by a server in the response to a client that asks. 0 for none.</summary>
    public uint Features { get; init; }

    public ulong Fingerprint { get; init; }

    public bool AcceptsAnyFingerprint { get; init; }

    public Authenticator? Authenticate { get; init; }

    /// <summary>The connect tokens of the server; null without UDP listeners.</summary>
    public IConnectTokens? ConnectTokens { get; init; }

    /// <summary>Whether the listener gives connect tokens, and opens no sessions.</summary>
    public bool GivesOnlyTokens { get; init; }

    public int TickRate { get; init; }

    public long HandshakeTimeout { get; }

    public long IdleTimeout { get; }

    public long PingInterval { get; }

    public long CloseTimeout { get; }

    public static long Nanoseconds(TimeSpan time) =>
        time.Ticks > long.MaxValue / NanosecondsPerTick ? long.MaxValue / 4 : time.Ticks * NanosecondsPerTick;
}
