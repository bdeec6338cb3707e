using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;
using NetLoop.Demo.Display;
using NetLoop.Demo.Relay;
using NetLoop.Demo.Server;

namespace NetLoop.Demo.Page;

/// <summary>The live page of a demo: samples the server, carries out what the page's controls ask for, and sends the page its data.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SamplePause = TimeSpan.FromMilliseconds(250);

    private readonly NetServer _server;
    private readonly BotFleet _fleet;
    private readonly PageHost _host;
    private readonly SpectatorModule _module;
    private readonly VitalsSampler _sampler;
    private readonly VitalsHistory _history = new();
    private readonly HappeningBoard _board;
    private readonly LateTicks _lateTicks;
    private readonly CloseIncidents _closed;
    private readonly TroubleMakers _slowReaders;
    private readonly TroubleMakers _garbageSenders;
    private readonly CancellationTokenSource _end = new();
    private long _lost;
    private Task _sampling = Task.CompletedTask;

    /// <summary>Adds the page's handlers to a server that has not started.</summary>
    /// <param name="server">The server.</param>
    /// <param name="arena">The server's game.</param>
    /// <param name="fleet">The server's bots, whose number the page can change.</param>
    /// <param name="settings">The page's settings from the command line.</param>
    /// <param name="host">Serves the page's files.</param>
    /// <param name="log">The engine's warnings, which the page shows.</param>
    /// <param name="tickRate">Ticks a second.</param>
    /// <param name="bots">The initial settings of the bots.</param>
    /// <param name="setNetwork">Sets the network of the bots on UDP, in both directions.</param>
    public LivePage(
        NetServer server,
        ArenaModule arena,
        BotFleet fleet,
        PageSettings settings,
        PageHost host,
        HappeningLog log,
        int tickRate,
        BotSettings bots,
        Action<NetworkConditions> setNetwork)
    {
        _server = server;
        _fleet = fleet;
        _host = host;
        _slowReaders = new TroubleMakers(end => SlowReader.RunAsync(server.Endpoints[0], end), TroublePause);
        _garbageSenders = new TroubleMakers(end => GarbageSender.RunAsync(server.Endpoints[0], end), TroublePause);
        _sampler = new VitalsSampler(server.GetStatistics, fleet, () => arena.Misordered);
        _board = new HappeningBoard(() => _sampler.Time, happening => _module!.Tell(happening));
        _lateTicks = new LateTicks(_board, tickRate);
        _closed = new CloseIncidents(_board);
        var controls = new DemoControls(
            arena, fleet, _slowReaders, _garbageSenders, setNetwork, _board, new Controls(bots.Count, bots.Rate, 0, 0, 0, 0, 0, 0));
        arena.MarkOf = session => (byte)TransportOf(session);
        _module = new SpectatorModule(server, arena, tickRate, controls, _history, _board, settings.ControlFromAnywhere);
        server.Use(_module).OnTick(_ => _module.Show());
        log.OnWarning = text => _board.Tell(HappeningKind.Warning, text);
        log.OnTickLate = _lateTicks.Tell;
    }

    /// <summary>Serves the page and starts sampling; the server must have started.</summary>
    /// <returns>The page's address.</returns>
    public string Start()
    {
        int webSocketPort = _server.Endpoints.First(endpoint => endpoint.IsWebSocket).Port;
        _host.Show(
            webSocketPort, () => _sampler.Latest, () => PrometheusText.Write(_server.GetStatistics(), _sampler.Latest, _fleet.Totals.RoundTrip));
        _sampling = SampleAsync();
        return _host.Address;
    }

    /// <summary>Ends the hostile clients, so that they do not delay the server's shutdown.</summary>
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

    private static BotTransport TransportOf(Session session) =>
        session.Remote.Transport == TransportKind.Udp ? BotTransport.Udp
        : session.Profile.Options is ListenOptions { Endpoint.IsWebSocket: true } ? BotTransport.WebSocket
        : BotTransport.Tcp;

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(SamplePause);
        while (await timer.NextAsync(_end.Token).ConfigureAwait(false))
        {
            Vitals vitals = _sampler.Next();
            _history.Add(vitals);
            _module.Report(vitals);
            TellOf(vitals);
        }
    }

    private void TellOf(in Vitals vitals)
    {
        long lost = vitals.MessagesLost - _lost;
        _lost = vitals.MessagesLost;
        if (lost > 0)
        {
            string first = _fleet.Totals.FirstFault is { } fault ? $" The first thing that went wrong: {fault.TrimEnd('.')}." : "";
            string messages = lost == 1 ? "1 message" : $"{Format.Count(lost)} messages";
            _board.Tell(HappeningKind.Lost, $"{messages} of honest bots did not arrive, or were wrong.{first}");
        }

        _closed.Update(_server.GetStatistics().ClosedByReason, lost);
        if (vitals.ElapsedMilliseconds > WarmUp.Time.TotalMilliseconds)
        {
            _lateTicks.Check(vitals.LateMaxMilliseconds);
        }
    }
}
