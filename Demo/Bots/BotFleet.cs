using System.Diagnostics;
using NetLoop.Demo.Arena;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Bots;

/// <summary>Many bots on one loop: connects them at a bounded pace, drives them, and takes them home.</summary>
internal sealed class BotFleet : IAsyncDisposable
{
    /// <summary>Connection attempts at a time: a listener's backlog is bounded too.</summary>
    private const int MaxConnecting = 64;

    private const int ActionsPerSecond = 100;

    /// <summary>How often the bots look whether it is time to send; later than that, their loop does not keep up.</summary>
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
    private NetEndpoint _remote;
    private int _opened;
    private int _closed;

    // Under the gate: bots that are wanted; of those that are not here yet, the ones that nobody has begun to connect; the ones on their way; the ones
    // that are here to stay. Whoever arrives as one too many is sent home.
    private int _wanted;
    private int _due;
    private int _dialing;
    private int _staying;
    private bool _hasBegun;

    /// <summary>Makes the loop; nobody is connected yet.</summary>
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

    /// <summary>What the bots have done.</summary>
    public BotTotals Totals { get; } = new();

    /// <summary>Bots that are connected.</summary>
    public int Alive => Volatile.Read(ref _opened) - Volatile.Read(ref _closed);

    /// <summary>Bots that are wanted: as many as the command line says, until somebody resizes the fleet.</summary>
    public int Wanted => Volatile.Read(ref _wanted);

    /// <summary>Bots that are on their way, or about to be; some of them may not be wanted any more when they arrive.</summary>
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

    /// <summary>Completes when all bots that were connected are gone.</summary>
    public Task AllGone => _allGone.Task;

    /// <summary>The bots' own loop in numbers.</summary>
    public LoopStatistics LoopStatistics => _loop.GetStatistics();

    /// <summary>Connects the first bot, and goes on with the others in the background: if the first one cannot, they need not try.</summary>
    /// <exception cref="FailureException">It could not connect; the message says why.</exception>
    /// <param name="remote">Their server.</param>
    /// <param name="end">Gives up.</param>
    public async Task ConnectAsync(NetEndpoint remote, CancellationToken end)
    {
        _remote = remote;
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
            why = $"the run ended before a bot was connected to {remote.ToUri()}";
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

    /// <summary>Makes the fleet larger or smaller, whatever has become of those that were wanted before. Thread: any.</summary>
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

    /// <summary>Lets every bot send so many messages in a second. Thread: any.</summary>
    public void SetRate(int rate) => _loop.Post(() =>
    {
        _rate = rate;
        foreach (Bot bot in _bots)
        {
            bot.SetRate(rate);
        }
    });

    /// <summary>Stops connecting and sending, and waits, for a bounded time, until everything sent was answered.</summary>
    public async Task DrainAsync(CancellationToken abort)
    {
        await EndConnectingAsync().ConfigureAwait(false);
        var waited = Stopwatch.StartNew();
        using var step = new PeriodicTimer(DrainStep);
        while (Totals.Outstanding > 0 && Alive > 0 && waited.Elapsed < DrainPatience && await step.NextAsync(abort).ConfigureAwait(false))
        {
            // The loop goes on answering.
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

    // From the youngest on. Thread: loop.
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
            // The run ends while some are on their way; those are not missed.
        }
    }

    private bool TryTakeDue()
    {
        lock (_gate)
        {
            if (_due == 0)
            {
                return false; // Not wanted any more.
            }

            _due--;
            _dialing++;
            return true;
        }
    }

    // One on its way does not arrive: a loss, unless it was one too many. Completes when it is counted.
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

    // Returns null when it is connected, or why not.
    private async Task<string?> TryConnectAsync(CancellationToken end)
    {
        try
        {
            NetClient client = await NetClient.ConnectAsync(
                _remote,
                options =>
                {
                    options.Loop = _loop;
                    options.Handlers = _handlers;
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
