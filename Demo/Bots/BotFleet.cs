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
    private readonly List<NetClient> _clients = [];
    private readonly List<Bot> _bots = [];
    private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _enough = new();
    private Task _connecting = Task.CompletedTask;
    private volatile bool _isEnding;
    private int _rate;
    private int _wanted;
    private NetEndpoint _remote;
    private int _opened;
    private int _closed;

    /// <summary>Makes the loop; nobody is connected yet.</summary>
    public BotFleet(BotSettings settings)
    {
        _settings = settings;
        _rate = settings.Rate;
        _wanted = settings.Count;
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
        if (await TryConnectAsync(end).ConfigureAwait(false) is { } why)
        {
            throw new FailureException(why);
        }

        _connecting = ConnectManyAsync(_settings.Count - 1);
    }

    /// <summary>Connects more bots, or sends some home. Thread: one at a time, after <see cref="ConnectAsync"/>.</summary>
    public void Resize(int count)
    {
        int missing = count - _wanted;
        _wanted = count;
        if (missing > 0)
        {
            _connecting = ConnectMoreAsync(_connecting, missing);
        }
        else
        {
            _loop.Post(() => SendHome(-missing));
        }
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
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _loop.DisposeAsync().ConfigureAwait(false);
    }

    private static Bot BotOf(Session session) => (Bot)session.State!;

    private void Open(Session session)
    {
        int number = ++_opened;
        if (_rate > 0)
        {
            var bot = new Bot(session, Totals, _settings.Seed + number, _rate);
            session.State = bot;
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

        if (session.State is Bot bot)
        {
            _bots.Remove(bot);
            if (bot.IsLeaving)
            {
                Forget(session);
                return;
            }
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
        await _connecting.ConfigureAwait(false);
    }

    private void Forget(Session session)
    {
        lock (_clients)
        {
            _clients.RemoveAll(client => client.Session == session);
        }
    }

    private async Task ConnectMoreAsync(Task before, int count)
    {
        await before.ConfigureAwait(false);
        await ConnectManyAsync(count).ConfigureAwait(false);
    }

    // From the youngest on; those that are still on their way in stay.
    private void SendHome(int count)
    {
        for (int i = _bots.Count - 1; i >= 0 && count > 0; i--)
        {
            if (!_bots[i].IsLeaving)
            {
                _bots[i].Leave();
                count--;
            }
        }
    }

    private async Task ConnectManyAsync(int count)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConnecting, CancellationToken = _enough.Token };
        try
        {
            await Parallel.ForAsync(0, count, options, async (_, end) =>
            {
                if (await TryConnectAsync(end).ConfigureAwait(false) is { } why)
                {
                    _loop.Post(() => Totals.Disconnect(why));
                }
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The run ends while some are on their way; those are not missed.
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
            lock (_clients)
            {
                _clients.Add(client);
            }

            return null;
        }
        catch (NetConnectException failure)
        {
            return failure.Message;
        }
    }
}
