using NUnit.Framework;
using NetLoop.Hosting.Loop;
using NetLoop.Sessions;
using NetLoop.Sessions.Handshake;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Transports;
using NetLoop.Transports;
using NetLoop.Transports.Streams;

namespace NetLoop.Tests.Sessions;

/// <summary>
/// Sessions on a loop that the test runs itself, with fake sockets and a manual clock: the test controls every nanosecond and every byte.
/// </summary>
internal sealed class SessionBench : IDisposable, ISessionHost
{
    private const long Second = 1_000_000_000;

    private readonly SessionProfile _profile;
    private readonly StreamTransport _transport;
    private ulong _nextId;

    public SessionBench(
        Action<ListenOptions>? listen = null, Action<EventLoopOptions>? loop = null, HandlerTable? handlers = null, Authenticator? authenticate = null)
    {
        Stack = new FakeTransport { Sent = [] };
        var loopOptions = new EventLoopOptions { TimeProvider = Time, Stack = Stack, LoggerFactory = Lines, BufferDiagnostics = true };
        loop?.Invoke(loopOptions);
        Core = new LoopCore(loopOptions);
        Core.BindToThread();
        var options = new ListenOptions(NetEndpoint.Tcp("127.0.0.1", 0)) { PingInterval = TimeSpan.Zero };
        listen?.Invoke(options);
        Handlers = handlers ?? new HandlerTable();
        Handlers.OnClosed((session, info) => Closed.Add((session, info)));
        bool requiresHello = options.Hello == HelloMode.Required;
        _transport = StreamSetup.Create(Core, options, requiresHello);
        _profile = new SessionProfile(Core.Services, this, options, Handlers, requiresHello)
        {
            Parking = _transport,
            SpeaksControl = true,
            Authenticate = authenticate,
            EndOfInputReason = requiresHello ? CloseReason.Disconnected : CloseReason.Normal,
        };
        Core.RunIteration();
    }

    public ManualTimeProvider Time { get; } = new();

    public CollectingLoggerFactory Lines { get; } = new();

    public FakeTransport Stack { get; }

    public LoopCore Core { get; }

    public HandlerTable Handlers { get; }

    public LoopCounters Counters => Core.Counters;

    /// <summary>Sessions for which the closed handlers were called.</summary>
    public List<(Session Session, CloseInfo Info)> Closed { get; } = [];

    /// <summary>Sessions whose end was reported to their host, including those that never opened.</summary>
    public List<(Session Session, CloseInfo Info)> Ended { get; } = [];

    /// <summary>Called when a session has ended.</summary>
    public Action<Session>? OnEnded { get; set; }

    /// <summary>Nanoseconds since the loop began.</summary>
    public long Now => Time.GetTimestamp();

    /// <summary>Connects a client that has not sent anything yet.</summary>
    public Session Accept()
    {
        Session session = NewSession();
        Assert.That(_transport.Accept(Stack.NewSocket(), session, out Connection? connection), Is.EqualTo(SocketStatus.Ok));
        session.Begin(connection!);
        return session;
    }

    /// <summary>Creates a session without a connection.</summary>
    public Session NewSession() => new(_profile, _profile.RequiresHello ? new ServerHandshake() : null, NetEndpoint.Tcp("192.0.2.1", 1));

    /// <summary>Connects a client and completes its handshake.</summary>
    public Session Open()
    {
        Session session = Accept();
        if (_profile.RequiresHello)
        {
            Receive(session, Wire.HelloFrame());
            SendAll();
        }

        Assert.That(session.Status, Is.EqualTo(SessionStatus.Open));
        Run();
        return session;
    }

    /// <summary>Returns the connection of a session.</summary>
    public StreamConnection ConnectionOf(Session session) =>
        (StreamConnection)Core.Transport.Connections.Single(connection => connection.Owner == session);

    /// <summary>Delivers bytes that arrive together from a peer.</summary>
    public void Receive(Session session, params byte[][] frames)
    {
        Stack.Received = Wire.Join(frames);
        Stack.Receives.Enqueue(new SocketResult(SocketStatus.Ok, Stack.Received.Length));
        ConnectionOf(session).OnReady(Readiness.Readable);
        Stack.Receives.Clear();
        Stack.Received = null;
    }

    /// <summary>Ends the peer's stream.</summary>
    public void ReceiveEnd(Session session)
    {
        Stack.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        ConnectionOf(session).OnReady(Readiness.Readable);
        Stack.Receives.Clear();
    }

    /// <summary>Lets the kernel accept all queued bytes.</summary>
    public void SendAll()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Stack.Sends.Enqueue(int.MaxValue);
        }

        foreach (Connection connection in Core.Transport.Connections)
        {
            connection.OnReady(Readiness.Writable);
        }

        Run();
        Stack.Sends.Clear();
    }

    public void Run() => Core.RunIteration();

    /// <summary>Advances the time in steps that do not count as stalls of the loop.</summary>
    public void Advance(long nanoseconds)
    {
        for (long left = nanoseconds; left > 0; left -= Second)
        {
            Time.Advance(Math.Min(left, Second));
            Run();
        }
    }

    public void Dispose()
    {
        foreach (Session session in Core.Services.Sessions.All.ToArray())
        {
            session.Abort(CloseReason.Normal);
        }

        foreach (Connection connection in Core.Transport.Connections.ToArray())
        {
            connection.Abort(CloseReason.Normal);
        }

        Core.Transport.CloseDeadConnections();
        Core.DiscardInbox();
        Core.CommandQueue.Complete();
        Core.CommandQueue.Drain(int.MaxValue);
        Assert.Multiple(() =>
        {
            Assert.That(Core.Pool.OutstandingOwners(), Is.Empty, "leases left");
            Assert.That(Core.Transport.Timers.Count, Is.Zero, "timers left");
            Assert.That(Core.Transport.ConnectionCount, Is.Zero, "connections left");
            Assert.That(Counters.QueuedBytes, Is.Zero, "queued bytes left");
            Assert.That(Counters.SessionsOpened, Is.EqualTo(Counters.SessionsClosed), "sessions left");
            Assert.That(Counters.ConnectionsOpened, Is.EqualTo(Counters.ConnectionsClosed), "connections counted");
            Assert.That(Core.Services.PendingHandlers, Is.Zero, "handlers counted");
            Assert.That(Counters.ClosedByReason.Sum(), Is.EqualTo(Ended.Count));
        });
        Core.Dispose();
    }

    public bool TryMove(Session session, in NetEndpoint remote) => true;

    public ulong NextSessionId() => ++_nextId;

    public void OnSessionOpened(Session session)
    {
    }

    public void OnSessionEnded(Session session, CloseInfo info, in ConnectionEnd end, RequestException? refusal)
    {
        Ended.Add((session, info));
        OnEnded?.Invoke(session);
    }
}
