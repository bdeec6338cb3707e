namespace NetLoop.Worlds;

/// <summary>One host of honest clients. They share a loop, send messages and requests, leave and come back.</summary>
internal sealed class ClientNode : ISimulatedEvent
{
    public const int MaxInboxMessages = 1024;

    private const int EventAct = 0;
    private const int EventRestart = 1;
    private const int EventAskLast = 2;
    private const int LastAsks = 40;
    private const long LastAskInterval = 1_000_000;
    private const int LastWords = 3;
    private const long IdleLook = 500_000_000;
    private const long FirstRetry = 100_000_000;
    private const long LongestRetry = 1_000_000_000;

    private readonly World _world;
    private readonly SeededRandom _random;
    private readonly HandlerTable _handlers = new();
    private readonly List<Player> _players = [];

    public ClientNode(World world, SimulatedHost host, SeededRandom random)
    {
        _world = world;
        _random = random;
        Host = host;
        _handlers.OnOpened(Opened);
        _handlers.OnClosed(Closed);
        _handlers.On<Push>((session, in push) => Handle(session, push));
        _handlers.On<News>((session, in news) => Handle(session, news));
        _handlers.On<Steady>((session, in steady) => ((ClientLife)session.UserData!).SteadyAnswers++);
        _handlers.OnRequest<AskBack, Answer>(
            (session, in ask) =>
            {
                _world.NoteAnswer(session.Id, ask.Number);
                return new Answer(ask.Number, Checksum.Of(1, 2, ask.Number));
            });
    }

    public SimulatedHost Host { get; }

    public LoopDriver? Driver { get; private set; }

    public bool IsRunning => Driver is { IsOver: false };

    /// <summary>Requests that have no response yet.</summary>
    public int PendingRequests { get; private set; }

    /// <summary>Requests of its loop that ended without a response; for each, one response may come late.</summary>
    public long RequestsGivenUp { get; private set; }

    /// <summary>Clients that left in order at the end.</summary>
    public List<ClientLife> Leavers { get; } = [];

    /// <summary>Clients whose session has not been opened yet.</summary>
    public int DialingClients => _players.Count(static player => player.Life is { IsOpen: false });

    public IEnumerable<ClientLife?> Lives => _players.Select(player => player.Life);

    /// <summary>Gives the host another client.</summary>
    public void AddPlayer(int index) => _players.Add(new Player(index));

    public void Start()
    {
        var options = new EventLoopOptions
        {
            TickRate = _world.Settings.ClientTickRate,
            BufferDiagnostics = _world.Settings.BufferDiagnostics,
            MaxInboxMessages = MaxInboxMessages,
            MaxQueuedCommands = 1_000_000,
            SlabBytes = Simulator.ClientSlabBytes,
        };
        WorkerContext workers = _world.Simulator.Configure(options, Host);
        EventLoop loop;
        try
        {
            loop = new EventLoop(options);
        }
        catch (IOException)
        {
            // No descriptor for the poller: the process is started again later.
            _world.Network.Events.Schedule(_world.Network.Events.Now + FirstRetry, this, EventRestart);
            return;
        }

        if (options.TickRate > 0)
        {
            loop.OnTick(_ => Act());
        }

        RequestsGivenUp = 0;
        Driver = _world.Simulator.Run(Host, loop, workers, isDedicated: false);
        _world.Watch(Driver);
        if (options.TickRate == 0)
        {
            _world.Network.Events.Schedule(_world.Network.Events.Now, this, EventAct);
        }
    }

    /// <summary>The process or its machine dies, with all clients, unless it has already.</summary>
    /// <param name="withoutAWord">Whether the machine dies, so that no close is sent.</param>
    /// <param name="restart">When it starts again.</param>
    public void Crash(bool withoutAWord, long restart)
    {
        if (!IsRunning)
        {
            return;
        }

        _world.Kill(Driver!);
        Host.CloseEverything(withoutAWord);
        Host.IsUp = !withoutAWord;
        PendingRequests = 0;
        _world.Network.Events.Schedule(restart, this, EventRestart);
        foreach (Player player in _players)
        {
            player.Life?.Lose();
            player.Life = null;
        }
    }

    /// <summary>Sends one message of constant shape from every client.</summary>
    public void SendSteady() => Driver!.Post(() =>
    {
        foreach (Player player in _players)
        {
            if (player.Life is { IsOpen: true } life)
            {
                life.Connection!.Send(new Steady(1));
            }
        }
    });

    /// <summary>Every second client sends its last messages and leaves.</summary>
    public void LeaveSome()
    {
        foreach (Player player in _players)
        {
            if (player.Index % 2 == 1 && player.Life is { IsOpen: true } life)
            {
                Leavers.Add(life);
            }
        }

        Driver!.Post(() => Leavers.ForEach(Leave));
    }

    /// <summary>Sends requests from every client that has not left, while the server is about to stop.</summary>
    public void AskThroughTheStop() => _world.Network.Events.Schedule(_world.Network.Events.Now, this, EventAskLast, LastAsks);

    /// <summary>Ends the loop with all sessions that are still open.</summary>
    public void Stop()
    {
        _players.ForEach(static player => player.Life?.HasLeft = true);
        EventLoop loop = Driver!.Loop;
        Driver.Post(() => _ = loop.StopAsync(TimeSpan.FromSeconds(5)));
    }

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (kind == EventRestart)
        {
            Host.IsUp = true;
            Start();
        }
        else if (kind == EventAskLast)
        {
            if (argument > 0 && IsRunning)
            {
                Driver!.Post(AskLast);
                _world.Network.Events.Schedule(_world.Network.Events.Now + LastAskInterval, this, EventAskLast, argument - 1);
            }
        }
        else if (IsRunning)
        {
            Driver!.Post(Act);
            _world.Network.Events.Schedule(_world.Network.Events.Now + IdleLook, this, EventAct);
        }
    }

    private void Act()
    {
        foreach (Player player in _players)
        {
            Act(player);
        }
    }

    private void Act(Player player)
    {
        if (player.Life is { Connection: { } connection } life)
        {
            if (connection.Closed.IsCompleted)
            {
                _ = connection.Opened.Exception;
                player.Life = null;
                player.Retry = life.WasOpened ? FirstRetry : Math.Min(player.Retry * 2, LongestRetry);
                player.NextTry = Host.Network.Events.Now + _random.Between(player.Retry / 2, player.Retry);
            }
            else if (life.IsOpen && _world.IsWorking)
            {
                Play(life);
            }
        }
        else if (_world.AcceptsPlayers && Host.Network.Events.Now >= player.NextTry)
        {
            Connect(player);
        }
    }

    private void Connect(Player player)
    {
        ClientLife life = _world.NewLife(player.Index);
        player.Life = life;
        NetEndpoint endpoint = _world.Settings.IsByUdp(player.Index) ? _world.Server.UdpEndpoint
            : _world.Settings.IsByWebSocket(player.Index) ? _world.Server.WebSocketEndpoint
            : _world.Server.Endpoint;
        life.Connection = NetClient.Create(endpoint, o =>
        {
            o.Loop = Driver!.Loop;
            o.Handlers = _handlers;
            o.UserData = life;
            _world.ConfigureSession(o);
            if (_world.Settings.IsOverload)
            {
                // Clients with timeouts would leave a stalled server; without them only the server can end a session wrongly.
                o.HandshakeTimeout = o.IdleTimeout = o.RequestTimeout = o.CloseTimeout = TimeSpan.FromHours(1);
            }
        });
        life.Connection.Dial();
    }

    private void Play(ClientLife life)
    {
        WorldSettings settings = _world.Settings;
        for (int count = _random.CountOf(_world.RateOf(settings.SendsPerTick)); count > 0; count--)
        {
            Say(life, _world.DrawFiller(_random));
        }

        if (settings.RequestsPerTick > 0 && _random.Chance(settings.RequestsPerTick))
        {
            _ = AskAsync(life.Connection!, _random.Between(1L, 1_000_000L), _random.Next(4));
        }

        if (_world.IsRestless && _random.Chance(settings.LeavesPerTick))
        {
            life.HasLeft = true;
            life.Connection!.Session.Close();
        }
    }

    private static void Say(ClientLife life, int fillerBytes)
    {
        long number = life.Sent + 1;
        ulong check = life.CheckOf(number);
        SendStatus status = fillerBytes > 0
            ? life.Connection!.Send(new Parcel(life.Client, life.Number, number, check, Checksum.Filler(check, fillerBytes)))
            : life.Connection!.Send(new Move(life.Client, life.Number, number, check));
        if (status == SendStatus.Sent)
        {
            life.Sent = number;
        }
    }

    private static void Leave(ClientLife life)
    {
        for (int i = 0; i < LastWords; i++)
        {
            Say(life, fillerBytes: 0);
        }

        life.HasLeft = true;
        life.Connection!.Session.Close();
    }

    private async Task AskAsync(NetClient client, long number, int mode)
    {
        PendingRequests++;
        LoopDriver? driver = Driver;
        bool isDue = _world.MustBeAnsweredInTime;
        try
        {
            Answer answer = mode == 3
                ? await client.RequestAsync(new AskWorker(number)).ConfigureAwait(true)
                : await client.RequestAsync(new Ask(number, mode)).ConfigureAwait(true);
            _world.Require(mode != 1, "I15", $"request {number} asked for an error and has an answer");
            _world.Require(answer.Number == number && answer.Check == Checksum.Of(1, 2, number), "I15", $"request {number} has the answer to {answer.Number}");
        }
        catch (RequestException error)
        {
            // Timed out, rejected, cancelled, or failed because the request asked for that.
            NoteGivenUp(driver, error);
            _world.Require(error.Code != ErrorCode.TimedOut || !isDue, "I33", $"nothing goes wrong, and request {number} timed out");
        }
        finally
        {
            PendingRequests -= driver == Driver ? 1 : 0;
        }
    }

    private void AskLast()
    {
        foreach (Player player in _players)
        {
            if (player.Life is { IsOpen: true, HasLeft: false } life)
            {
                _ = AskLastAsync(_world.NewStopRequest(life));
            }
        }
    }

    /// <summary>Sends a request and records its outcome.</summary>
    private async Task AskLastAsync(StopRequest request)
    {
        TimeSpan patience = TimeSpan.FromMinutes(5);
        NetClient client = request.Life.Connection!;
        LoopDriver? driver = Driver;
        PendingRequests++;
        try
        {
            Answer answer = (request.Number % 3) switch
            {
                0 => await client.RequestAsync(new AskWorker(request.Number), patience).ConfigureAwait(true),
                1 => await client.RequestAsync(new Ask(request.Number, 0), patience).ConfigureAwait(true),
                _ => await client.RequestAsync(new Ask(request.Number, 2), patience).ConfigureAwait(true),
            };
            request.WasAnswered = answer.Number == request.Number;
        }
        catch (RequestException error)
        {
            request.Error = error.Code;
            NoteGivenUp(driver, error);
        }
        finally
        {
            PendingRequests--;
        }
    }

    private void NoteGivenUp(LoopDriver? driver, RequestException error) =>
        RequestsGivenUp += driver == Driver && error.Code is ErrorCode.TimedOut or ErrorCode.Cancelled ? 1 : 0;

    private void Opened(Session session)
    {
        var life = (ClientLife)session.UserData!;
        _world.Require(!life.WasOpened, "I19", $"client {life.Client} life {life.Number} was opened twice");
        life.WasOpened = true;
        _world.Opened++;
    }

    private void Closed(Session session, CloseInfo info)
    {
        var life = (ClientLife)session.UserData!;
        _world.Require(
            life.WasOpened && !life.WasClosed,
            "I19",
            $"client {life.Client} life {life.Number} closed, opened {life.WasOpened}, closed before {life.WasClosed}");
        life.WasClosed = true;
        life.End = info;
        _world.OnHonestClosed(life, info, isClient: true);
    }

    private void Handle(Session session, in Push push)
    {
        var life = (ClientLife)session.UserData!;
        _world.Messages++;
        _world.Require(life.WasOpened && !life.WasClosed, "I19", $"client {life.Client} life {life.Number}: push {push.Number} outside of its session");
        life.Boot = life.Boot == 0 ? push.Boot : life.Boot;
        _world.Require(
            push.Session == session.Id && push.Boot == life.Boot,
            "I18",
            $"client {life.Client} life {life.Number}: push {push.Number} is for session {push.Session} of boot {push.Boot}");
        _world.Require(push.Number == life.Pushed + 1, "I14", $"client {life.Client} life {life.Number}: push {push.Number} follows {life.Pushed}");
        _world.Require(
            push.Check == Checksum.Of(push.Session, (ulong)push.Boot, push.Number) && Checksum.Fits(push.Check, push.Filler.Span),
            "I16",
            $"client {life.Client} life {life.Number}: push {push.Number} arrived changed");
        life.Pushed = push.Number;
        long news = _world.Server.TakeNewsBefore(push.Session, push.Boot, push.Number);
        _world.Require(
            news < 0 || life.News == 0 || life.News == news,
            "I14",
            $"client {life.Client} life {life.Number}: push {push.Number} came behind {news} news, and {life.News} have arrived");
    }

    private void Handle(Session session, in News news)
    {
        var life = (ClientLife)session.UserData!;
        _world.Messages++;
        _world.Require(
            life.News == 0 || news.Number == life.News + 1, "I14", $"client {life.Client} life {life.Number}: news {news.Number} follow {life.News}");
        life.News = news.Number;
    }

    private sealed class Player(int index)
    {
        public int Index { get; } = index;

        public ClientLife? Life { get; set; }

        public long NextTry { get; set; }

        public long Retry { get; set; } = FirstRetry;
    }
}
