using System.Diagnostics;
using NetLoop.Demo.Arena;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Bots;

/// <summary>Many bots on one loop: connects them with a limited number of attempts at a time, runs them, and disconnects them.</summary>
internal sealed class BotFleet : IAsyncDisposable
{
    /// <summary>Maximum number of connection attempts at a time, because a listener's backlog is limited.</summary>
    private const int MaxConnecting = 64;

    private const int ActionsPerSecond = 100;

    /// <summary>How often the bots check whether it is time to send; a longer time means that their loop does not keep up.</summary>
    public static readonly TimeSpan ActionPause = TimeSpan.FromSeconds(1.0 / ActionsPerSecond);

    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainStep = TimeSpan.FromMilliseconds(20);

    private readonly BotSettings _settings;
    private readonly EventLoop _loop;
    private readonly HandlerTable _handlers = new();
    private readonly HashSet<NetClient> _clients = [];
    private readonly List<Bot> _bots = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _enough = new();
    private Task _connecting = Task.CompletedTask;
    private volatile bool _isEnding;
    private int _rate;
    private readonly int[] _aliveOf = new int[Enum.GetValues<BotTransport>().Length];
    private IReadOnlyList<BotRoute> _routes = [];
    private int _dialed = -1;
    private int _opened;
    private int _closed;

    // Guarded by the lock: the number of bots that are wanted; among those not connected yet, the number that nobody has begun to connect; the number that
    // are connecting; and the connected bots. A bot that is no longer wanted when it connects is disconnected.
    private int _wanted;
    private int _due;
    private int _dialing;
    private int _staying;
    private bool _hasBegun;

    /// <summary>Creates the loop; no bot is connected yet.</summary>
    public BotFleet(BotSettings settings)
    {
        _settings = settings;
        _rate = settings.Rate;
        _wanted = settings.Count;
        _due = settings.Count;
        _handlers.OnOpened(Open).OnClosed(Close);
        _handlers.On<Entered>((session, in entered) => BotOf(session).Enter(entered));
        _handlers.On<Nearby>((session, in snapshot) => BotOf(session).See(snapshot));
        _handlers.On<PlayerMove>((session, in move) => BotOf(session).TakeBack(move));
        _loop = EventLoop.Start(options =>
        {
            options.TickRate = ActionsPerSecond;
            options.ThreadName = "bots";
        });
        _loop.Post(() => _loop.OnTick(_ => Act()));
    }

    /// <summary>The totals of the bots.</summary>
    public BotTotals Totals { get; } = new();

    /// <summary>Bots that are connected.</summary>
    public int Alive => Volatile.Read(ref _opened) - Volatile.Read(ref _closed);

    /// <summary>Bots that are connected over a transport.</summary>
    public int AliveOn(BotTransport transport) => Volatile.Read(ref _aliveOf[(int)transport]);

    /// <summary>Number of bots that are wanted: as many as the command line says, until the fleet is resized.</summary>
    public int Wanted => Volatile.Read(ref _wanted);

    /// <summary>Number of bots that are connecting or will connect soon; some of them may no longer be wanted when they arrive.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _due + _dialing;
            }
        }
    }

    /// <summary>Completes when all bots that were connected are disconnected.</summary>
    public Task AllGone => _allGone.Task;

    /// <summary>Statistics of the bots' loop.</summary>
    public LoopStatistics LoopStatistics => _loop.GetStatistics();

    /// <summary>Connects the first bot, and then the others in the background: if the first one cannot connect, the others do not try.</summary>
    /// <exception cref="FailureException">It could not connect; the message says why.</exception>
    /// <param name="remote">The server.</param>
    /// <param name="end">Cancels the attempt.</param>
    public Task ConnectAsync(NetEndpoint remote, CancellationToken end) => ConnectAsync([new BotRoute(remote)], end);

    /// <summary>Connects the bots in turn by several ways; the first bot takes the first one.</summary>
    /// <exception cref="FailureException">The first one could not connect; the message says why.</exception>
    /// <param name="routes">The ways, at least one.</param>
    /// <param name="end">Cancels the attempt.</param>
    public async Task ConnectAsync(IReadOnlyList<BotRoute> routes, CancellationToken end)
    {
        _routes = routes;
        lock (_gate)
        {
            _due = Math.Max(0, _due - 1);
            _dialing++;
        }

        string? why = null;
        try
        {
            why = await TryConnectAsync(end).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            why = $"the run ended before a bot was connected to {routes[0].Remote.ToUri()}";
        }

        if (why is not null)
        {
            await MissAsync(why).ConfigureAwait(false);
            throw new FailureException(why);
        }

        lock (_gate)
        {
            _hasBegun = true;
            _connecting = ConnectManyAsync(_due);
        }
    }

    /// <summary>Makes the fleet larger or smaller. Thread: any.</summary>
    public void Resize(int count)
    {
        lock (_gate)
        {
            _wanted = count;
            int missing = count - (_due + _dialing + _staying);
            _due = Math.Max(0, _due + missing);
            if (missing > 0 && _hasBegun)
            {
                _connecting = ConnectMoreAsync(_connecting, missing);
            }
        }

        _loop.Post(SendHome);
    }

    /// <summary>Sets how many messages a second each bot sends. Thread: any.</summary>
    public void SetRate(int rate) => _loop.Post(() =>
    {
        _rate = rate;
        foreach (Bot bot in _bots)
        {
            bot.SetRate(rate);
        }
    });

    /// <summary>Stops connecting and sending, and waits for a limited time until all messages have been echoed or acknowledged.</summary>
    public async Task DrainAsync(CancellationToken abort)
    {
        await EndConnectingAsync().ConfigureAwait(false);
        var waited = Stopwatch.StartNew();
        using var step = new PeriodicTimer(DrainStep);
        while (Totals.Outstanding > 0 && Alive > 0 && waited.Elapsed < DrainPatience && await step.NextAsync(abort).ConfigureAwait(false))
        {
            // The loop continues to respond.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndConnectingAsync().ConfigureAwait(false);
        NetClient[] clients;
        lock (_gate)
        {
            clients = [.. _clients];
        }

        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _loop.DisposeAsync().ConfigureAwait(false);
    }

    private static Bot BotOf(Session session) => (Bot)session.UserData!;

    private void Open(Session session)
    {
        int number = ++_opened;
        _aliveOf[(int)BotRoute.TransportOf(session.Remote)]++;
        bool isWanted;
        lock (_gate)
        {
            _dialing--;
            isWanted = _staying < _wanted;
            _staying += isWanted ? 1 : 0;
        }

        if (!isWanted)
        {
            var stray = new Bot(session, Totals, _settings.Seed + number, Math.Max(1, _rate));
            session.UserData = stray;
            stray.Leave();
        }
        else if (_rate > 0)
        {
            var bot = new Bot(session, Totals, _settings.Seed + number, _rate);
            session.UserData = bot;
            _bots.Add(bot);
            session.Send(new Join());
        }
    }

    private void Close(Session session, CloseInfo info)
    {
        _closed++;
        _aliveOf[(int)BotRoute.TransportOf(session.Remote)]--;
        if (_isEnding)
        {
            return;
        }

        if (session.UserData is Bot bot)
        {
            _bots.Remove(bot);
            if (bot.IsLeaving)
            {
                return;
            }
        }

        lock (_gate)
        {
            _staying--;
        }

        Totals.Disconnect($"a session ended: {info}");
        if (_opened == _closed)
        {
            _allGone.TrySetResult();
        }
    }

    private void Act()
    {
        if (_isEnding)
        {
            return;
        }

        long now = Stopwatch.GetTimestamp();
        foreach (Bot bot in _bots)
        {
            bot.Act(now);
        }
    }

    private async Task EndConnectingAsync()
    {
        _isEnding = true;
        await _enough.CancelAsync().ConfigureAwait(false);
        Task connecting;
        lock (_gate)
        {
            connecting = _connecting;
        }

        await connecting.ConfigureAwait(false);
    }

    private void Remember(NetClient client)
    {
        lock (_gate)
        {
            _clients.Add(client);
        }

        _ = client.Closed.ContinueWith(
            _ =>
            {
                lock (_gate)
                {
                    _clients.Remove(client);
                }
            },
            TaskScheduler.Default);
    }

    private async Task ConnectMoreAsync(Task before, int count)
    {
        await before.ConfigureAwait(false);
        await ConnectManyAsync(count).ConfigureAwait(false);
    }

    // Disconnects the newest bots first. Thread: loop.
    private void SendHome()
    {
        for (int i = _bots.Count - 1; i >= 0; i--)
        {
            if (_bots[i].IsLeaving)
            {
                continue;
            }

            lock (_gate)
            {
                if (_staying <= _wanted)
                {
                    return;
                }

                _staying--;
            }

            _bots[i].Leave();
        }
    }

    private async Task ConnectManyAsync(int count)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConnecting, CancellationToken = _enough.Token };
        try
        {
            await Parallel.ForAsync(0, count, options, async (_, end) =>
            {
                if (TryTakeDue() && await TryConnectAsync(end).ConfigureAwait(false) is { } why)
                {
                    await MissAsync(why).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The run ended while some bots were connecting; those do not count as lost.
        }
    }

    private bool TryTakeDue()
    {
        lock (_gate)
        {
            if (_due == 0)
            {
                return false; // No longer wanted.
            }

            _due--;
            _dialing++;
            return true;
        }
    }

    // Counts a bot that could not connect as lost, unless it is no longer wanted. Completes when it is counted.
    private async Task MissAsync(string why)
    {
        lock (_gate)
        {
            _dialing--;
            if (_due + _dialing + _staying >= _wanted)
            {
                return;
            }
        }

        var counted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_loop.Post(() =>
        {
            Totals.Disconnect(why);
            counted.SetResult();
        }))
        {
            await Task.WhenAny(counted.Task, _loop.Completion).ConfigureAwait(false);
        }
    }

    // Returns null if the bot is connected, otherwise the reason.
    private async Task<string?> TryConnectAsync(CancellationToken end)
    {
        BotRoute route = _routes[(int)((uint)Interlocked.Increment(ref _dialed) % _routes.Count)];
        try
        {
            NetClient client = await NetClient.ConnectAsync(
                route.Remote,
                options =>
                {
                    options.Loop = _loop;
                    options.Handlers = _handlers;
                    options.Udp.TokenEndpoint = route.TokenEndpoint;
                    options.Tls.TrustedRoots = _settings.Trusted;
                },
                end).ConfigureAwait(false);
            Remember(client);
            return null;
        }
        catch (NetConnectException failure)
        {
            return failure.Message;
        }
    }
}
