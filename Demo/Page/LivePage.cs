using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Page;

/// <summary>The live page of a demo: what it watches, what its buttons do, and how its data goes out.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SamplePause = TimeSpan.FromMilliseconds(250);

    private readonly NetServer _server;
    private readonly PageHost _host;
    private readonly SpectatorModule _module;
    private readonly VitalsSampler _sampler;
    private readonly TroubleMakers _slowReaders;
    private readonly TroubleMakers _garbageSenders;
    private readonly CancellationTokenSource _end = new();
    private readonly long[] _closedBefore = new long[Enum.GetValues<CloseReason>().Length];
    private readonly string?[] _lastClosed = new string?[Enum.GetValues<CloseReason>().Length];
    private Task _sampling = Task.CompletedTask;

    /// <summary>Adds the page's handlers to a server that has not started.</summary>
    /// <param name="server">The server.</param>
    /// <param name="arena">Its game.</param>
    /// <param name="fleet">Its bots, whose number the page can change.</param>
    /// <param name="settings">What the command line says of the page.</param>
    /// <param name="host">Serves its files.</param>
    /// <param name="log">The engine's warnings, which the page shows.</param>
    /// <param name="tickRate">Steps a second.</param>
    /// <param name="bots">How the bots begin.</param>
    public LivePage(NetServer server, ArenaModule arena, BotFleet fleet, PageSettings settings, PageHost host, HappeningLog log, int tickRate, BotSettings bots)
    {
        _server = server;
        _host = host;
        _slowReaders = new TroubleMakers(end => SlowReader.RunAsync(server.Endpoints[0], end), TroublePause);
        _garbageSenders = new TroubleMakers(end => GarbageSender.RunAsync(server.Endpoints[0], end), TroublePause);
        var controls = new DemoControls(arena, fleet, _slowReaders, _garbageSenders, new Controls(bots.Count, bots.Rate, 0, 0, 0))
        {
            OnChanged = what => Tell(HappeningKind.Control, what),
        };
        _module = new SpectatorModule(server, arena, tickRate, controls, settings.ControlFromAnywhere);
        _sampler = new VitalsSampler(server.GetStatistics, fleet, () => arena.Lost);
        server.Use(_module).OnTick(_ => _module.Show());
        server.OnClosed(NoteClosed);
        log.OnHappening = Tell;
    }

    /// <summary>Serves the page and begins to sample; the server has started.</summary>
    /// <returns>The page's address.</returns>
    public string Start()
    {
        int webSocketPort = _server.Endpoints.First(endpoint => endpoint.Scheme == EndpointScheme.WebSocket).Port;
        _host.Show(webSocketPort, () => _sampler.Latest);
        _sampling = SampleAsync();
        return _host.Address;
    }

    /// <summary>Sends the hostile clients home, so that the server can be stopped in peace.</summary>
    public async Task EndTroubleAsync()
    {
        await _slowReaders.DisposeAsync().ConfigureAwait(false);
        await _garbageSenders.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _sampling.ConfigureAwait(false);
        await EndTroubleAsync().ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(SamplePause);
        while (await timer.NextAsync(_end.Token).ConfigureAwait(false))
        {
            _module.Report(_sampler.Next());
            TellOfClosed();
        }
    }

    // One line for each reason: a hundred clients that are thrown out together are one happening.
    private void TellOfClosed()
    {
        foreach ((CloseReason reason, long count) in _server.GetStatistics().ClosedByReason)
        {
            long more = count - _closedBefore[(int)reason];
            _closedBefore[(int)reason] = count;
            if (reason != CloseReason.Normal && more > 0)
            {
                // A connection whose session was never open has no name.
                string last = Interlocked.Exchange(ref _lastClosed[(int)reason], null) ?? $"without a session: {reason}";
                Tell(HappeningKind.Closed, more == 1 ? $"closed {last}" : $"closed {more}, the last {last}");
            }
        }
    }

    // Thread: that of the server's handlers.
    private void NoteClosed(Session session, CloseInfo info) => Volatile.Write(ref _lastClosed[(int)info.Reason], $"session {session.Id}: {info}");

    private void Tell(HappeningKind kind, string text) => _module.Tell(new Happening(_sampler.Time, kind, text));
}
