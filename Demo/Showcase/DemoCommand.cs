using System.CommandLine;
using NetLoop.Demo.Bots;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Page;
using NetLoop.Demo.Server;
using NetLoop.Demo.Telemetry;

namespace NetLoop.Demo.Showcase;

/// <summary><c>netloop</c> and <c>netloop demo</c>: a server and its bots, each on its own loop, over real sockets.</summary>
internal static class DemoCommand
{
    private const int DefaultBots = 200;

    /// <summary>Builds the command.</summary>
    /// <param name="name">Its name: it is also the root command.</param>
    public static NetLoopCommand Create(string name)
    {
        Option<int> bots = OptionFactory.Integer("--bots", "How many bots play", DefaultBots, min: 1, BotsCommand.MaxBots);
        Option<int> tickRate = ServerOptions.TickRate();
        Option<TickPrecision> tickPrecision = ServerOptions.TickPrecisionOption();
        Option<NetEndpoint?> tcp = Addresses.Tcp($"Where the server listens; port 0 lets the system choose [default: {Addresses.Default}]");
        Option<int> seed = BotsCommand.Seed();
        var command = new NetLoopCommand(
            name,
            "Serve the Arena game, let bots play it, and show it on a live page: in each tick, each bot receives its surroundings and checks them",
            "netloop                                   # 200 bots until Ctrl+C, and a page that shows them",
            "netloop demo --bots 1000 --duration 1m    # exit code 0 only when nothing was lost",
            "netloop demo --tick-rate 20 --seed 7      # another tick rate, another world",
            "netloop demo --duration 10s --json        # summary as JSON",
            "netloop demo --otlp http://127.0.0.1:4318 # metrics and traces for an OpenTelemetry collector");
        command.Options.Add(bots);
        command.Options.Add(tickRate);
        command.Options.Add(tickPrecision);
        command.Options.Add(tcp);
        command.Options.Add(seed);
        Option<Uri?> otlp = OtlpOption.Create();
        command.Options.Add(otlp);
        var page = new PageOptions(command);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            PageSettings? shown = page.Read(parsed);
            List<NetEndpoint> endpoints = [parsed.GetValue(tcp) ?? Addresses.Default];
            if (shown is not null)
            {
                endpoints.Add(shown.WebSocket);
            }

            endpoints.Add(endpoints[0].AsUdp());
            var server = new ServerSettings(
                endpoints, Certificate: shown?.Certificate, TickRate: parsed.GetValue(tickRate), TickPrecision: parsed.GetValue(tickPrecision));
            var fleet = new BotSettings(endpoints[0], parsed.GetValue(bots), BotsCommand.DefaultRate, parsed.GetValue(seed));
            using CommandRun run = options.Begin(parsed);
            return await DemoRun.RunAsync(run, server, fleet, shown, parsed.GetValue(otlp)).ConfigureAwait(false);
        });
        return command;
    }
}
