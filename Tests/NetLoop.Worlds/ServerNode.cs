using NetLoop.Hosting.Loop;
using NetLoop.Hosting.Server;
using NetLoop.Transports;
using NetLoop.Transports.Streams;

namespace NetLoop.Worlds;

/// <summary>The server of a world: the production server on a simulated host, with handlers that compare every message with the reference.</summary>
internal sealed class ServerNode : ISimulatedEvent
{
    private const string UnixPath = "/run/world.sock";
    private const int Port = 7777;
    private const int WebSocketPort = 7778;
    private const int UdpPort = 7779;
    private const long RestartPause = 100_000_000;
    private const int LastWords = 3;
    private const int ErrorOfMode1 = 1_000;

    private readonly World _world;
    private readonly SeededRandom _random;
    private readonly List<ServerSession> _sessions = [];
    private readonly List<LoopDriver> _drivers = [];
    private readonly Dictionary<ulong, ServerSession> _sessionsById = [];
    private long _news;
    private readonly SeededRandom _faultRandom;
    private long _lastTick;

    public ServerNode(World world, SimulatedHost host, SeededRandom random, SeededRandom faultRandom)
    {
        _world = world;
        _random = random;
        _faultRandom = faultRandom;
        Host = host;
    }

    public SimulatedHost Host { get; }

    public NetServer? Server { get; private set; }

    /// <summary>The driver of its first loop, which runs the ticks.</summary>
    public LoopDriver? Driver { get; private set; }

    /// <summary>The drivers of all its loops.</summary>
    public IReadOnlyList<LoopDriver> Drivers => _drivers;

    public int Boot { get; private set; }

    public NetEndpoint Endpoint => _world.Settings.IsUnix ? NetEndpoint.Unix(UnixPath) : Host.Address.WithPort(Port);

    /// <summary>Its WebSocket endpoint, in worlds that have one.</summary>
    public NetEndpoint WebSocketEndpoint => Host.Address.WithPort(WebSocketPort).AsWebSocket("/");

    /// <summary>Its UDP endpoint, in worlds that have one.</summary>
    public NetEndpoint UdpEndpoint => Host.Address.WithPort(UdpPort).AsUdp();

    public bool IsRunning => _drivers.Exists(static driver => !driver.IsOver);

    /// <summary>Open sessions, as the handlers know them.</summary>
    public IReadOnlyList<ServerSession> Sessions => _sessions;

    /// <summary>Requests of the server that have no response yet.</summary>
    public int PendingRequests { get; private set; }

    /// <summary>Virtual time at which the stop began; 0 before.</summary>
    public long StopBegan { get; private set; }

    /// <summary>Requests of the server that ended without a response since it started; for each, one response may come late.</summary>
    public long RequestsGivenUp { get; private set; }

    /// <summary>Number of sessions that were reported to handlers since the start: opened, and closed.</summary>
    public (long Opened, long Closed) SessionEvents { get; private set; }

    /// <summary>Number of handlers that threw since the start.</summary>
    public long HandlerFaults { get; private set; }

    /// <summary>
    /// Bytes of a connection's input that reached its session: bytes read, without those that wait for the rest of their frame or for room in the inbox.
    /// </summary>
    public long CountTaken(SimulatedSocket socket)
    {
        LoopDriver? driver = _drivers.Find(one => one.Poller == socket.Poller);
        var connection = driver?.Core.Transport.Sockets.Find(socket.Token) as StreamConnection;
        return socket.BytesRead - (connection?.Received.Unread.Length ?? 0);
    }

    /// <summary>Starts a server, or tries again a little later when the simulated system refuses.</summary>
    public void Start()
    {
        Boot++;
        HandlerFaults = 0;
        RequestsGivenUp = 0;
        SessionEvents = default;
        _news = 0;
        _lastTick = 0;
        WorkerContext? workers = null;
        NetServer? made = null;
        try
        {
            made = NetServer.Create(o =>
            {
                workers = _world.Simulator.Configure(o, Host, _world.Settings.Threads);
                Configure(o);
            });
            Register(made);
            made.Open();
        }
        catch (Exception refusal) when (refusal is NetListenException or InsufficientDescriptorsException or IOException)
        {
            // No memory or descriptor for a listener or a poller. That is a fault of the simulation, after which an operator would start the server again.
            AbandonLoops(made);
            _world.Network.Events.Schedule(_world.Network.Events.Now + RestartPause, this, 0);
            return;
        }

        NetServer server = made;
        Server = server;
        _drivers.Clear();
        try
        {
            foreach (ServerLoop loop in server.Loops)
            {
                _drivers.Add(_world.Simulator.Run(Host, loop.Loop, workers!, _world.Settings.IsDedicated));
            }
        }
        catch (IOException)
        {
            // The process ends with the loops it has created, and is started again.
            AbandonLoops(server);
            Die(withoutAWord: false, _world.Network.Events.Now + RestartPause);
            return;
        }

        Driver = _drivers[0];
        _drivers.ForEach(_world.Watch);
        if (Host.Threads is { } threads)
        {
            threads.OnAllAsleep = CheckNobodySleepsOnWork;
        }
    }

    /// <summary>When all threads sleep, there must be nothing to do; otherwise a wake-up was lost.</summary>
    private void CheckNobodySleepsOnWork()
    {
        _world.Require(!Host.Threads!.AnyWaitsForAnother, "I36", $"all threads of the server sleep, and one waits for another");
        foreach (LoopDriver driver in _drivers)
        {
            if (driver.IsOver || !driver.Poller.IsWaitedIn)
            {
                continue;
            }

            LoopCore core = driver.Core;
            _world.Require(core.NextDue() != 0, "I36", $"all threads of the server sleep, and loop {core.Services.LoopIndex} has something to do");
            // The slots of an offloaded handler are shared by all loops, but a freed slot wakes only the loop that used it. Other loops look within a second.
            bool hasRoom = core.Inbox.Depth == 0 && core.Services.PendingHandlers == 0 && (_drivers.Count == 1 || !_world.Settings.Offloads);
            int paused = hasRoom && core.Transport.PausedCount > 0 ? CountPaused(core) : 0;
            _world.Require(paused == 0, "I36", $"all threads of the server sleep, and {paused} connections of loop {core.Services.LoopIndex} wait for room");
            _world.Require(
                !Server!.Loops[core.Services.LoopIndex].Loop.Stop.IsDueToClose,
                "I36",
                $"all threads of the server sleep, and loop {core.Services.LoopIndex} could say Goodbye");
            _world.Require(
                core.HandlerThread is not { IsOwedAWake: true },
                "I36",
                $"all threads of the server sleep, and there is something for the handlers of loop {core.Services.LoopIndex}");
        }
    }

    /// <summary>
    /// Connections of open sessions that do not read because there is no room. The loop's own list also has connections that were closed since, and
    /// connections that wait for authentication.
    /// </summary>
    private static int CountPaused(LoopCore core)
    {
        int count = 0;
        foreach (Connection connection in core.Transport.Connections)
        {
            count += connection is { IsReadPaused: true, State: ConnectionState.Open, Owner: Session { Status: SessionStatus.Open } } ? 1 : 0;
        }

        return count;
    }

    private static void AbandonLoops(NetServer? server)
    {
        foreach (ServerLoop loop in server?.Loops ?? [])
        {
            loop.Loop.Abandon();
            loop.Core.Dispose();
        }
    }

    /// <summary>The process or its machine dies, unless it has already.</summary>
    /// <param name="withoutAWord">Whether the machine dies, so that no close is sent.</param>
    /// <param name="restart">When it starts again.</param>
    public void Crash(bool withoutAWord, long restart)
    {
        if (IsRunning)
        {
            Die(withoutAWord, restart);
        }
    }

    private void Die(bool withoutAWord, long restart)
    {
        Host.Threads?.Kill();
        _drivers.ForEach(_world.Kill);
        Host.CloseEverything(withoutAWord);
        Host.IsUp = !withoutAWord;
        _sessions.Clear();
        _sessionsById.Clear();
        PendingRequests = 0;
        Server = null;
        _world.Network.Events.Schedule(restart, this, 0);
    }

    /// <summary>Whether the server's side of a client's session exists and everything that it sent has arrived.</summary>
    public bool HasToldEverything(ClientLife life) =>
        _sessionsById.TryGetValue(life.Connection!.Session.Id, out ServerSession? session)
        && (life.Server is null || life.Server == session)
        && (life.Boot == 0 || life.Boot == Boot)
        && session.Pushed == life.Pushed
        && (life.News == 0 || life.News == _news);

    /// <summary>Ticks that ran or were skipped since it started.</summary>
    public long CountTicks() => Driver!.Core.Counters.Ticks + Driver.Core.Counters.TicksSkipped;

    /// <summary>
    /// Number of news sent before a push of this process; -1 if that is unknown, because the push did not come from a tick or the session is over.
    /// </summary>
    public long TakeNewsBefore(ulong session, int boot, long number)
    {
        if (boot == Boot && _sessionsById.TryGetValue(session, out ServerSession? state))
        {
            while (state.NewsBefore.TryPeek(out (long Number, long News) next) && next.Number <= number)
            {
                state.NewsBefore.Dequeue();
                if (next.Number == number)
                {
                    return next.News;
                }
            }
        }

        return -1;
    }

    /// <summary>Whether a session is open here, as the handlers know it.</summary>
    public bool HasSession(ulong id) => _sessionsById.ContainsKey(id);

    /// <summary>Sends everybody the last messages and stops.</summary>
    /// <returns>The sessions that were open.</returns>
    public List<ServerSession> SayLastWords()
    {
        // The server may not know yet that a client's machine died.
        List<ServerSession> last = _sessions.FindAll(static session => session.Life is { IsOpen: true });
        NetServer server = Server!;
        Driver!.Post(() =>
        {
            foreach (ServerSession state in last)
            {
                for (int i = 0; i < LastWords; i++)
                {
                    Push(state, fillerBytes: 0);
                }
            }

            _ = server.StopAsync();
            NoteStop();
        });
        return last;
    }

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        Host.IsUp = true;
        Start();
    }

    private void Configure(NetServerOptions o)
    {
        WorldSettings settings = _world.Settings;
        o.TickRate = settings.TickRate;
        o.HandlerMode = settings.IsDedicated ? HandlerMode.Dedicated : HandlerMode.Loop;
        o.MaxInboxMessages = settings.MaxInboxMessages;
        o.MaxInboxBytes = settings.MaxInboxBytes;
        o.MaxBufferBytes = settings.MaxBufferBytes;
        o.MaxConnections = settings.MaxConnections;
        o.BufferDiagnostics = settings.BufferDiagnostics;
        o.Loops = settings.Loops;
        o.LoggerFactory = settings.MeasuresAllocations ? null : new SimulatedLog(Host);
        o.MaxQueuedCommands = settings.MaxQueuedCommands;
        o.TickPrecision = settings.TickPrecision;
        o.SpinTime = settings.SpinTime;
        o.MaxOpeningConnections = settings.MaxOpeningConnections;
        o.MaxOpeningBytes = settings.MaxOpeningBytes;
        o.MaxActiveConnections = settings.MaxActiveConnections;
        o.DrainTimeout += TimeSpan.FromTicks(settings.WorkTime / TimeSpan.NanosecondsPerTick);
        if (settings.ParksBusyConnections)
        {
            o.QuietTime = 0;
        }

        if (settings.AuthenticationTime > TimeSpan.Zero)
        {
            o.Authenticate = AuthenticateAsync;
        }

        o.Listen(Endpoint, ConfigureListener);
        if (settings.HasWebSocket)
        {
            o.Listen(WebSocketEndpoint, ConfigureListener);
        }

        if (settings.HasUdp)
        {
            o.Listen(UdpEndpoint, listener =>
            {
                ConfigureListener(listener);
                listener.Udp.Timeout = settings.UdpTimeout;
            });
        }

        _world.ConfigureGuests(o);
    }

    private void ConfigureListener(ListenOptions listener)
    {
        _world.ConfigureSession(listener);
        listener.MaxConnectionsPerAddress = 10_000;
        listener.MaxNewConnectionsPerAddress = 10_000;
        listener.WebSocket.UpgradeTimeout = _world.Settings.HandshakeTimeout;
    }

    /// <summary>Accepts everybody after some time.</summary>
    private async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellation)
    {
        await Task.Delay(_world.Settings.AuthenticationTime, Host.Clock, cancellation).ConfigureAwait(true);
        return AuthenticationResult.Accept();
    }

    private void Register(NetServer server)
    {
        OffloadOptions? offload = _world.Settings.Offloads ? new OffloadOptions { Workers = 2, Capacity = 8 } : null;
        int boot = Boot;
        if (_world.Settings.HandlersThrow)
        {
            // Registered before the handlers that compare with the reference, which must not be affected.
            server.OnOpened(_ => ThrowAtTimes(0.05)).OnClosed((_, _) => ThrowAtTimes(0.2)).OnTick(_ => ThrowAtTimes(0.02));
        }

        server.OnOpened(session => Opened(session, boot));
        server.OnClosed((session, info) => Closed(session, info));
        server.On<Move>((session, in move) => Handle(session, move.Client, move.Life, move.Number, move.Check, []));
        server.On<Parcel>((session, in parcel) => Handle(session, parcel.Client, parcel.Life, parcel.Number, parcel.Check, parcel.Filler.Span));
        server.On<Steady>((session, in steady) => session.Send(steady));
        server.OnRequest<Ask, Answer>(AnswerAsync);
        server.OnRequest<AskWorker, Answer>(
            (session, in ask) =>
            {
                OnRequest(session, ask.Number);
                return AnswerTo(ask.Number);
            },
            offload);
        if (_world.Settings.TickRate > 0)
        {
            server.OnTick(OnTick);
        }

        _world.RegisterGuests(server);
    }

    /// <summary>A guest's handler is about to throw.</summary>
    public void CountHandlerFault() => HandlerFaults++;

    /// <summary>Throws now and then while faults are active.</summary>
    private void ThrowAtTimes(double probability)
    {
        if (_world.IsRestless && _faultRandom.Chance(probability))
        {
            HandlerFaults++;
            throw new InvalidOperationException("the world's will");
        }
    }

    /// <summary>Records the time at which all loops had stopped taking requests.</summary>
    public void NoteStop()
    {
        if (StopBegan == 0 && Server!.Loops.All(static loop => loop.IsStopping))
        {
            StopBegan = Host.Now;
        }
    }

    /// <summary>A handler runs for a request.</summary>
    private void OnRequest(Session session, long number)
    {
        _world.Require(
            session.UserData is not ServerSession { IsKicked: true },
            "I31",
            $"request {number} of session {session.Id} is handled after the server closed the session");
        if (_world.FindStopRequest(number) is { } request)
        {
            request.WasHandled = true;
            _world.Require(
                StopBegan == 0 || request.SentAt <= StopBegan,
                "I31",
                $"a request of client {request.Life.Client} is handled that was sent {request.SentAt - StopBegan} ns after the stop began");
        }
    }

    private void Opened(Session session, int boot)
    {
        SessionEvents = (SessionEvents.Opened + 1, SessionEvents.Closed);
        if (_world.GuestOf(session.Remote) is { } guest)
        {
            guest.OnOpened(session);
            return;
        }

        _world.Require(session.UserData is null, "I19", $"session {session.Id} was opened twice");
        _world.Require(!_sessionsById.ContainsKey(session.Id), "I19", $"two sessions have the number {session.Id}");
        var state = new ServerSession(session, boot);
        session.UserData = state;
        _sessions.Add(state);
        _sessionsById.Add(session.Id, state);
    }

    private void Closed(Session session, CloseInfo info)
    {
        SessionEvents = (SessionEvents.Opened, SessionEvents.Closed + 1);
        if (_world.GuestOf(session.Remote) is { } guest)
        {
            guest.OnClosed(session, info);
            return;
        }

        if (session.UserData is not ServerSession state)
        {
            _world.Fail("I19", $"session {session.Id} closed without having opened");
            return;
        }

        _world.Require(!state.WasClosed, "I19", $"session {session.Id} closed twice");
        state.WasClosed = true;
        _sessions.Remove(state);
        _sessionsById.Remove(session.Id);
        if (state.Life is { } life)
        {
            _world.OnHonestClosed(life, info, isClient: false);
        }
    }

    private void Handle(Session session, int client, int life, long number, ulong check, ReadOnlySpan<byte> filler)
    {
        _world.Messages++;
        if (session.UserData is not ServerSession state)
        {
            _world.Fail("I19", $"message {number} of client {client} before its session was opened");
            return;
        }

        _world.Require(!state.WasClosed, "I19", $"message {number} of client {client} after its session closed");
        _world.Require(!state.IsKicked, "I31", $"message {number} of client {client} after the server closed its session");
        if (_world.FindLife(client, life) is not { } sender)
        {
            if (client >= 0)
            {
                _world.Fail("I14", $"a message of client {client} life {life}, which does not exist");
            }

            Compute();
            return; // From an attacker, which may send anything.
        }

        state.Life ??= sender;
        sender.Server ??= state;
        _world.Require(
            state.Life == sender && sender.Server == state,
            "I18",
            $"message {number} of client {client} life {life} came through session {session.Id}, which is another's");
        _world.Require(number == sender.Handled + 1, "I14", $"client {client} life {life}: message {number} follows {sender.Handled}");
        _world.Require(number <= sender.Sent, "I7", $"client {client} life {life}: message {number} was never sent");
        _world.Require(
            check == sender.CheckOf(number) && Checksum.Fits(check, filler), "I16", $"client {client} life {life}: message {number} arrived changed");
        sender.Handled = number;
        _world.Network.Trace.Event(TraceCode.Message, Host.Index, client, number);
        Compute(); // Meanwhile another thread may close the session.
    }

    private async ValueTask<Answer> AnswerAsync(Session session, Ask ask)
    {
        OnRequest(session, ask.Number);
        Compute();
        switch (ask.Mode)
        {
            case 1:
                throw new RequestException(ErrorOfMode1, "as asked");

            case 2:
                await Task.Delay(TimeSpan.FromMilliseconds(1 + (ask.Number % 40)), Host.Clock).ConfigureAwait(true);
                break;
        }

        return AnswerTo(ask.Number);
    }

    /// <summary>Takes the time of a handler, in worlds with slow handlers; some do not return before the deadlines of peers have passed.</summary>
    private void Compute()
    {
        WorldSettings settings = _world.Settings;
        Host.Compute(_world.IsRestless || settings.IsOverload ? settings.HandlerCost : 0);
        if (settings.StallsPerMessage > 0 && _world.Phase == WorldPhase.Safety && _random.Chance(settings.StallsPerMessage))
        {
            Host.Compute(settings.StallTime);
        }
    }

    private static Answer AnswerTo(long number) => new(number, Checksum.Of(1, 2, number));

    private void OnTick(TickContext tick)
    {
        WorldSettings settings = _world.Settings;
        _world.Require(tick.Number > _lastTick, "I8", $"tick {tick.Number} follows {_lastTick}");
        _lastTick = tick.Number;
        Host.Compute(_world.IsRestless || settings.IsOverload ? settings.TickCost : 0);
        _world.OnServerTick();
        if (!_world.IsWorking)
        {
            return;
        }

        if (settings.BroadcastEvery > 0 && tick.Number % settings.BroadcastEvery == 0 && Server!.Broadcast(new News(Boot, _news + 1)) == SendStatus.Sent)
        {
            _news++;
        }

        for (int i = _sessions.Count - 1; i >= 0 && i < _sessions.Count; i--)
        {
            Serve(_sessions[i]);
        }
    }

    private void Serve(ServerSession state)
    {
        WorldSettings settings = _world.Settings;
        for (int count = _random.CountOf(_world.RateOf(settings.PushesPerTick)); count > 0; count--)
        {
            Push(state, _world.DrawFiller(_random), isByTick: true);
        }

        if (settings.RequestsPerTick > 0 && _random.Chance(settings.RequestsPerTick / 4))
        {
            _ = AskBackAsync(state, _random.Between(1L, 1_000_000L));
        }

        if (_world.IsRestless && _random.Chance(settings.KicksPerTick) && state.Life is not null)
        {
            state.IsKicked = true;
            state.Session.Close(CloseReason.Kicked, "the world's will");
        }
    }

    private void Push(ServerSession state, int fillerBytes, bool isByTick = false)
    {
        long number = state.Pushed + 1;
        ulong check = state.CheckOf(number);
        byte[] filler = fillerBytes == 0 ? [] : Checksum.Filler(check, fillerBytes);
        if (isByTick)
        {
            state.NewsBefore.Enqueue((number, _news));
        }

        if (state.Session.Send(new Push(state.Session.Id, Boot, number, check, filler)) == SendStatus.Sent)
        {
            state.Pushed = number;
        }
    }

    private async Task AskBackAsync(ServerSession state, long number)
    {
        int boot = Boot;
        bool isDue = _world.MustBeAnsweredInTime;
        PendingRequests++;
        try
        {
            Answer answer = await state.Session.RequestAsync(new AskBack(number)).ConfigureAwait(true);
            _world.Require(answer == AnswerTo(number), "I15", $"request {number} of session {state.Session.Id} has the answer to {answer.Number}");
        }
        catch (RequestException error)
        {
            // Timed out, rejected or cancelled; each has its own error code.
            RequestsGivenUp += boot == Boot && error.Code is ErrorCode.TimedOut or ErrorCode.Cancelled ? 1 : 0;
            bool isDead = state.Life is not { Connection: not null, WasClosed: false };
            _world.Require(
                error.Code != ErrorCode.TimedOut || !isDue || isDead,
                "I33",
                $"nothing goes wrong, and request {number} of session {state.Session.Id} timed out");
            // With handlers on another thread, a connection pauses when there is no room, and its response waits with it. And an iteration sees only what had
            // arrived when it began: if a handler stalls in it, and one stalled in the iteration before, the timeout may pass in between.
            _world.Require(
                error.Code != ErrorCode.TimedOut
                    || !_world.Settings.IsOverload
                    || !_world.Settings.HandlersShareLoop
                    || !_world.HadAnswerArrived(state.Session.Id, number, Driver!.SinceLastIteration),
                "I27",
                $"request {number} of session {state.Session.Id} timed out, and its client has answered in time");
        }
        finally
        {
            PendingRequests -= boot == Boot ? 1 : 0;
        }
    }
}
