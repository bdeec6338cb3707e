using NetLoop.Buffers;
using NetLoop.Transports.Streams;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Sessions;

/// <summary>What all sessions of one listener or client share: its options in the form the loop needs. Times are nanoseconds.</summary>
internal sealed class SessionSettings
{
    /// <summary>Before its response a frame may be this long at most: nobody unknown gets more memory than that.</summary>
    private const int MaxHelloBytes = 1024;

    private const long NanosecondsPerTick = 100;

    private readonly Func<IFramer>? _framers;
    private readonly LengthPrefixFramer _helloFramer;

    /// <param name="options">Checked already.</param>
    /// <param name="framers">Makes a session's framer; null for length prefixes.</param>
    /// <param name="dispatcher">Where its messages go.</param>
    public SessionSettings(SessionOptions options, Func<IFramer>? framers, IDispatcher dispatcher)
    {
        Options = options;
        Dispatcher = dispatcher;
        SharedFraming = new LengthPrefixFramer(options.MaxFrameBytes);
        _framers = framers;
        _helloFramer = new LengthPrefixFramer(Math.Min(MaxHelloBytes, options.MaxFrameBytes));
        HandshakeTimeout = Nanoseconds(options.HandshakeTimeout);
        IdleTimeout = Nanoseconds(options.IdleTimeout);
        PingInterval = Nanoseconds(options.PingInterval);
        MaxSendBacklogTime = Nanoseconds(options.MaxSendBacklogTime);
        MaxSendStall = Nanoseconds(options.MaxSendStall);
        CloseTimeout = Nanoseconds(options.CloseTimeout);
        StreamLimits = new StreamLimits(options.MaxSendQueueBytes, options.MaxSendQueueMessages, HandshakeTimeout, CloseTimeout);
        SocketOptions = new StreamSocketOptions(NoDelay: true, KeepAlive: true, options.UserTimeout, options.SendBufferBytes, options.ReceiveBufferBytes);
    }

    public SessionOptions Options { get; }

    /// <summary>The framing of all connections that have no other: it keeps no state.</summary>
    public LengthPrefixFramer SharedFraming { get; }

    public IDispatcher Dispatcher { get; }

    /// <summary>Whether the session opens by Hello.</summary>
    public bool RequiresHello { get; init; }

    /// <summary>Whether bodies are a foreign protocol's, not MessagePack.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whether the engine may send control bodies: Ping and Goodbye.</summary>
    public bool SpeaksControl { get; init; }

    /// <summary>
    /// What the end of the peer's stream means when nothing was said before it. Whoever opens by Hello closes by Goodbye; a listener without Hello, such as
    /// that of a foreign protocol, takes it for an ordinary end.
    /// </summary>
    public CloseReason EndOfStreamReason { get; init; } = CloseReason.Disconnected;

    public ulong Fingerprint { get; init; }

    public bool AcceptsAnyFingerprint { get; init; }

    public Authenticator? Authenticate { get; init; }

    /// <summary>How sessions are framed by WebSocket; null when they are not.</summary>
    public WebSocketSettings? WebSocket { get; init; }

    public int TickRate { get; init; }

    public StreamLimits StreamLimits { get; }

    public StreamSocketOptions SocketOptions { get; }

    public long HandshakeTimeout { get; }

    public long IdleTimeout { get; }

    public long PingInterval { get; }

    public long MaxSendBacklogTime { get; }

    public long MaxSendStall { get; }

    public long CloseTimeout { get; }

    /// <summary>The framing of a new connection: one for each, because it may keep state.</summary>
    public IFrameWriter CreateFraming(SessionServices services, bool isDialing)
    {
        bool awaitsHello = RequiresHello && !isDialing;
        if (WebSocket is not null)
        {
            int maxBytes = awaitsHello ? _helloFramer.MaxBodyBytes : Options.MaxFrameBytes;
            return new WebSocketProtocol(WebSocket, maxBytes, services.Transport.Pool, services.Entropy);
        }

        return awaitsHello ? _helloFramer : CreateFramer();
    }

    /// <summary>Reads a connection that has yet to say Hello in small pieces: what comes behind Hello waits for its answer, and is held until then.</summary>
    public void ImposeHelloLimit(StreamConnection connection) =>
        connection.MaxReceiveBytes = _helloFramer.HeaderBytes + _helloFramer.MaxBodyBytes;

    /// <summary>Allows a connection whose session is open bodies of full length.</summary>
    public void LiftHelloLimit(StreamConnection connection)
    {
        connection.MaxReceiveBytes = ReceiveScratch.ReceiveBytes;
        if (connection.WebSocket is { } webSocket)
        {
            webSocket.MaxBodyBytes = Options.MaxFrameBytes;
        }
        else if (connection.Framing == _helloFramer)
        {
            connection.Framing = CreateFramer();
        }
    }

    private IFramer CreateFramer() => _framers?.Invoke() ?? SharedFraming;

    public static long Nanoseconds(TimeSpan time) =>
        time.Ticks > long.MaxValue / NanosecondsPerTick ? long.MaxValue / 4 : time.Ticks * NanosecondsPerTick;
}
