using Microsoft.Extensions.Logging.Abstractions;
using NetLoop.Buffers;
using NetLoop.Framing;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Sessions.Handshake;
using NetLoop.Time;
using NetLoop.Transports;
using NetLoop.Transports.Datagrams.Netcode;
using NetLoop.Transports.Streams;

namespace NetLoop.Fuzzing.Targets;

/// <summary>One real session on one real connection: the whole engine between the socket and the handlers, without a loop.</summary>
internal sealed class SessionBench : ISessionHost, IDispatcher, IEntropySource, IConnectTokens
{
    private const ulong SessionId = 7;
    private const ulong ServerFingerprint = 0x1122_3344_5566_7788;

    // A peer that is not known yet gets no more memory than this.
    private const int MaxHelloBytes = 1_024;

    // A rejection is a text, and a close sends Goodbye; the session's own queues are allocated once, whatever the input.
    private const int SessionBytes = 4_096;

    private static readonly byte[] Token = NetcodeBench.NewToken(clientId: 1, number: 9);

    private readonly ScriptedStack _stack = new();
    private readonly BufferPool _pool = new(new BufferPoolOptions());
    private readonly ConnectionSet _transport;
    private readonly StreamTransport _transports;
    private readonly LoopServices _services;
    private readonly SessionProfile _profile;
    private readonly FuzzRandom _random = new(0);
    private readonly bool _asksForToken;
    private int _ended;
    private CloseReason _reason;

    /// <param name="isServer">Whether the session is a server's.</param>
    /// <param name="asksForToken">Whether a client's session asks for a connect token, and never opens.</param>
    public SessionBench(bool isServer, bool asksForToken = false)
    {
        _asksForToken = asksForToken;
        LoopClock clock = new(new StoppedTime());
        _transport = new ConnectionSet(_stack, _stack.CreatePoller(PollerKind.Auto), clock, new TimerQueue(), _pool, new LoopCounters());
        _services = new LoopServices(
            _transport,
            new Inbox(1_024, 1 << 20, static () => { }),
            new CommandQueue(16, static () => { }),
            this,
            NullLogger.Instance,
            static _ => throw new NotSupportedException());
        _transports = new StreamTransport(
            new StreamConnectionPool(_transport),
            new StreamProfile(
                new SessionOptions().MaxBodyBytes,
                new StreamLimits(256 * 1024, 1024, DialTimeout: 5_000_000_000, CloseTimeout: 5_000_000_000))
            {
                AdmitsLater = isServer,
            });
        _profile = new SessionProfile(_services, this, new SessionOptions(), this, requiresHello: true)
        {
            SpeaksControl = true,
            Fingerprint = isServer ? ServerFingerprint : 0,
            TickRate = 60,
            Features = ControlTypes.ReadsTraceContext,
            ReadsTraceContext = true,
            SendsTraceContext = true,
            ConnectTokens = isServer ? this : null,
        };
        IsServer = isServer;
    }

    public bool IsServer { get; }

    /// <summary>What the session sent during the last script.</summary>
    public ReadOnlySpan<byte> Sent => _stack.Sent;

    /// <summary>Plays the bytes of a peer, from the first one to the end of its stream.</summary>
    /// <param name="script">The bytes of the peer.</param>
    /// <param name="inPieces">Whether they arrive in pieces, or as many at once as fit.</param>
    /// <param name="probe">Receives the reports.</param>
    public SessionOutcome Play(ReadOnlySpan<byte> script, bool inPieces, FuzzProbe probe)
    {
        _services.BindToThread();
        _stack.Play(script);
        _random.Reseed(InputHash.Of(script));
        _ended = 0;
        _reason = CloseReason.Normal;
        NetEndpoint remote = NetEndpoint.Tcp(System.Net.IPAddress.Loopback, 1);
        IHandshake handshake = IsServer ? new ServerHandshake()
            : _asksForToken ? new TokenHandshake(new ConnectTokenRequest(ControlTypes.Version, ServerFingerprint, null, "udp://127.0.0.1:1"), OnToken)
            : new ClientHandshake(ServerFingerprint, token: null, resume: null);
        Session session = new(_profile, handshake, remote);
        StreamConnection connection = Connect(session);
        probe.BeginMeasure();
        while (!_stack.IsAtEnd && !connection.IsDead)
        {
            _stack.NextPiece = inPieces ? 1 + _random.Below(_random.OneIn(2) ? 3 : 300) : int.MaxValue;
            connection.OnReady(Readiness.Readable);
            int mayHold = IsServer && session.Status == SessionStatus.Opening ? MaxHelloBytes : _profile.Options.MaxBodyBytes;
            FuzzProbe.Require(connection.HeldBytes <= mayHold + sizeof(int), $"{connection.HeldBytes} bytes are held of a frame that may have {mayHold}");
            _transport.FlushDirtyConnections();
        }

        SessionStatus status = session.Status;
        probe.EndMeasure(script.Length, SessionBytes);
        End(session, connection);
        return new(status, status == SessionStatus.Closed ? _reason : CloseReason.Normal, InputHash.Of(_stack.Sent));
    }

    AuthenticationResult? IConnectTokens.TakeDecision(ulong clientId) => null;

    byte[]? IConnectTokens.Issue(in NetEndpoint wanted, AuthenticationResult? accepted)
    {
        FuzzProbe.Require(wanted is { Transport: TransportKind.Udp, IsResolved: true }, "a token is wanted for something else than a UDP endpoint");
        return wanted.Port % 2 == 0 ? null : Token;
    }

    ulong ISessionHost.NextSessionId() => SessionId;

    bool ISessionHost.TryMove(Session session, in NetEndpoint remote) => true;

    void ISessionHost.OnSessionOpened(Session session) =>
        FuzzProbe.Require(session.Id == SessionId || !IsServer, "the session has another number than it was given");

    void ISessionHost.OnSessionEnded(Session session, CloseInfo info, in ConnectionEnd end, RequestException? refusal)
    {
        _ended++;
        _reason = info.Reason;
    }

    DispatchVerdict IDispatcher.DispatchMessage(Session session, int type, ref NetReader payload, ref BodyBatch bodies) => Dispatch(type, ref payload);

    DispatchVerdict IDispatcher.DispatchRequest(Session session, uint id, int type, ref NetReader payload, int bodyBytes, RemoteTrace? trace) =>
        Dispatch(type, ref payload);

    bool IDispatcher.DispatchRaw(Session session, ReadOnlySpan<byte> body) => throw new NotSupportedException();

    void IDispatcher.DispatchOpened(Session session)
    {
    }

    void IDispatcher.DispatchEndOfInput(Session session) => session.OnInputHandled();

    void IDispatcher.DispatchCancellation(Session session, CancellationTokenSource closed) => closed.Cancel();

    void IDispatcher.DispatchClosed(Session session, CloseInfo info)
    {
    }

    void IEntropySource.Fill(Span<byte> destination) => destination.Fill(0x5A);

    /// <summary>A client reads whatever a server gives it for a token.</summary>
    private static void OnToken(byte[] token) => ConnectTokenFormat.TryRead(token, out _);

    private static DispatchVerdict Dispatch(int type, ref NetReader payload)
    {
        return type % 2 == 0 ? DispatchVerdict.Unknown : payload.TrySkip() && payload.TryEnd() ? DispatchVerdict.Accepted : DispatchVerdict.Malformed;
    }

    private StreamConnection Connect(Session session)
    {
        SocketHandle socket = new(1);
        SocketStatus status = IsServer ? _transports.Accept(socket, session, out Connection? opened) : _transports.Dial(socket, session, out opened);
        FuzzProbe.Require(status == SocketStatus.Ok && opened is StreamConnection, $"the connection is {status}");
        session.Begin(opened!);
        StreamConnection connection = (StreamConnection)opened!;
        if (!IsServer)
        {
            connection.OnReady(Readiness.Writable);
            _transport.FlushDirtyConnections();
        }

        return connection;
    }

    /// <summary>Oracle: when its peer is gone, a session ends once and returns all memory.</summary>
    private void End(Session session, StreamConnection connection)
    {
        _stack.NextPiece = 0;
        _stack.IsOver = true;
        for (int attempt = 0; attempt < 3 && !connection.IsDead; attempt++)
        {
            connection.OnReady(Readiness.Readable);
            _transport.FlushDirtyConnections();
        }

        FuzzProbe.Require(connection.IsDead, $"the connection lives on without its peer, {connection.State}");
        _transport.CloseDeadConnections();
        FuzzProbe.Require(session.Status == SessionStatus.Closed && _ended == 1, $"the session is {session.Status} and ended {_ended} times");
        FuzzProbe.Require(_pool.Statistics.RentedLeases == 0, "a lease was not given back");
        FuzzProbe.Require(_transport.ConnectionCount == 0, "a connection was not given back");
    }

    private sealed class StoppedTime : TimeProvider
    {
        public override long TimestampFrequency => LoopClock.NanosecondsPerSecond;

        public override long GetTimestamp() => 0;
    }
}
