using Microsoft.Extensions.Logging;
using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Demo.Echo;
using NetLoop.Demo.Server;

namespace NetLoop.Demo.Showcase;

/// <summary>Runs the server and its bots to the end: the bots go first, so that nothing is on its way when the server stops.</summary>
internal static class DemoRun
{
    /// <summary>Runs to the end.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(CommandRun run, ServerSettings settings, int botCount, int seed)
    {
        SocketLimit.Require("--bots", botCount * 2);
        using ILoggerFactory logs = run.CreateLogs();
        await using NetServer server = ServerFactory.Create(settings, logs);
        var arena = new ArenaModule(settings.TickRate, seed);
        server.Use(new EchoModule(server)).Use(arena);
        server.OnTick(_ => arena.Step());
        ServerFactory.Start(server);
        var serverMeter = new ServerMeter(server.GetStatistics, () => arena.Lost);
        ServerFactory.Announce(server, run.Output);

        var botSettings = new BotSettings(server.Endpoints[0], botCount, BotsCommand.DefaultRate, seed);
        await using var fleet = new BotFleet(botSettings);
        await fleet.ConnectAsync(run.End).ConfigureAwait(false);
        var botMeter = new BotMeter(botSettings, fleet);
        await run.ShowAsync(
            () => new StatusPage("netloop demo", serverMeter.Elapsed, serverMeter.Sample(), botMeter.Sample()),
            Task.WhenAny(server.Completion, fleet.AllGone)).ConfigureAwait(false);

        await fleet.DrainAsync(run.Abort).ConfigureAwait(false);
        BotsSummary bots = botMeter.Summarize();
        await fleet.DisposeAsync().ConfigureAwait(false);
        await ServerFactory.StopAsync(server, run.Abort).ConfigureAwait(false);

        var summary = new DemoSummary(serverMeter.Summarize(), bots);
        run.Summarize(summary, SummaryJson.Default.DemoSummary, [.. summary.Server.ToLines(), .. bots.ToLines()]);
        return summary.Server.Lost == 0 && bots.IsClean && !run.Abort.IsCancellationRequested ? ExitCode.Success : ExitCode.Failure;
    }
}
