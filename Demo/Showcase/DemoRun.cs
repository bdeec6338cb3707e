using Microsoft.Extensions.Logging;
using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Demo.Echo;
using NetLoop.Demo.Page;
using NetLoop.Demo.Relay;
using NetLoop.Demo.Server;
using NetLoop.Demo.Telemetry;

namespace NetLoop.Demo.Showcase;

/// <summary>Runs the server, its bots and its page. The bots end first, so that no message is under way when the server stops.</summary>
internal static class DemoRun
{
    /// <summary>The page's server loads some fifty assemblies, with two descriptors each.</summary>
    private const int PageDescriptors = 112;

    /// <summary>The connections on which bots on UDP ask for their tokens, on both sides, and the sockets of the relay and the listeners.</summary>
    private const int UdpDescriptors = 160;

    /// <summary>Runs to the end.</summary>
    /// <param name="run">The output, and the token that ends the run.</param>
    /// <param name="settings">The settings of the server.</param>
    /// <param name="botSettings">The settings of the bots.</param>
    /// <param name="pageSettings">The settings of the page; null for none.</param>
    /// <param name="collector">The collector for metrics and traces; null for the one in the environment.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        CommandRun run, ServerSettings settings, BotSettings botSettings, PageSettings? pageSettings, Uri? collector = null)
    {
        using OtlpExport? export = OtlpExport.IsWanted(collector) ? OtlpExport.Start(collector) : null;
        SocketLimit.Require("--bots", botSettings.Count * 2, (pageSettings is null ? 0 : PageDescriptors) + UdpDescriptors);
        using var happenings = new HappeningLog();
        using ILoggerFactory logs = run.CreateLogs(happenings);

        // First, because its port is part of the origins that the server accepts.
        await using PageHost? host = pageSettings is null ? null : await PageHost.StartAsync(pageSettings).ConfigureAwait(false);
        await using NetServer server = ServerFactory.Create(settings with { Origins = host?.Origins }, logs);
        var arena = new ArenaModule(settings.TickRate, botSettings.Seed);
        await using var fleet = new BotFleet(botSettings);
        server.Use(new EchoModule(server)).Use(arena);
        server.OnTick(_ => arena.Step());
        LossyRelay? relay = null;
        void SetNetwork(NetworkConditions conditions)
        {
            if (relay is not null)
            {
                relay.ToServer = conditions;
                relay.ToClient = conditions;
            }
        }

        await using LivePage? page = host is null
            ? null
            : new LivePage(server, arena, fleet, pageSettings!, host, happenings, settings.TickRate, botSettings, SetNetwork);
        WarmUp.LeaveOut(server, settings);
        ServerFactory.Start(server);
        NetEndpoint udp = server.Endpoints.First(endpoint => endpoint.Transport == TransportKind.Udp);
        relay = await LossyRelay.StartAsync(
            NetEndpoint.Udp("127.0.0.1", 0), Reachable(udp), NetworkConditions.Perfect, NetworkConditions.Perfect, botSettings.Seed).ConfigureAwait(false);
        await using LossyRelay closesLast = relay;
        var serverMeter = new ServerMeter(server.GetStatistics, () => arena.Misordered, skipped: () => arena.Skipped);
        ServerFactory.Announce(server, run.Output);
        string title = "netloop demo";
        if (page is not null)
        {
            string address = page.Start();
            title += $"  {address}"; // The table may push the line below out of sight.
            await run.Output.WriteLineAsync($"watch it on {address}").ConfigureAwait(false);
        }

        var botMeter = new BotMeter(fleet, () => arena.Misordered);
        FailureException? failure = null;
        try
        {
            await fleet.ConnectAsync(Routes(server, udp, relay), run.End).ConfigureAwait(false);
            botMeter = new BotMeter(fleet, () => arena.Misordered);
            await run.ShowAsync(
                () => new StatusPage(title, serverMeter.Elapsed, serverMeter.Sample(withLost: false), botMeter.Sample()),
                Task.WhenAny(server.Completion, fleet.AllGone)).ConfigureAwait(false);
        }
        catch (FailureException refusal)
        {
            failure = refusal;
        }

        SetNetwork(NetworkConditions.Perfect); // What is under way must not wait for a bad network.
        await fleet.DrainAsync(run.Abort).ConfigureAwait(false);
        BotsSummary bots = botMeter.Summarize();
        await fleet.DisposeAsync().ConfigureAwait(false);
        await (page?.EndTroubleAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        if (export is not null && !export.Finish())
        {
            await run.Output.WriteLineAsync("the OpenTelemetry collector does not accept the metrics; is its address right?").ConfigureAwait(false);
        }

        await ServerFactory.StopAsync(server, run.Abort).ConfigureAwait(false);

        var summary = new DemoSummary(serverMeter.Summarize(), bots);
        run.Summarize(summary, SummaryJson.Default.DemoSummary, [.. summary.Server.ToLines(withLost: false), .. bots.ToLines(summary.Server.Lost)]);
        if (failure is not null)
        {
            throw failure;
        }

        return summary.Server.Lost == 0 && bots.IsClean && !run.Abort.IsCancellationRequested ? ExitCode.Success : ExitCode.Failure;
    }

    // Half of the bots on TCP, a quarter on WebSocket if there is a page, and a quarter on UDP, through the relay.
    private static BotRoute[] Routes(NetServer server, NetEndpoint udp, LossyRelay relay)
    {
        var tcp = new BotRoute(server.Endpoints[0]);
        NetEndpoint webSocket = server.Endpoints.FirstOrDefault(endpoint => endpoint is { IsWebSocket: true, IsEncrypted: false }, server.Endpoints[0]);
        return [tcp, new BotRoute(relay.Endpoint, Reachable(udp).AsTcp()), tcp, new BotRoute(webSocket)];
    }

    private static NetEndpoint Reachable(NetEndpoint bound) => bound.IsAny ? NetEndpoint.Udp("127.0.0.1", bound.Port) : bound;
}
