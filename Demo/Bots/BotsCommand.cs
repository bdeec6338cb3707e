using System.CommandLine;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Bots;

/// <summary><c>netloop bots</c>: simulated clients that connect to a server in another process.</summary>
internal static class BotsCommand
{
    /// <summary>Maximum number of bots of one process, which needs a descriptor for each.</summary>
    public const int MaxBots = 60_000;

    /// <summary>Default number of messages a second that a bot sends.</summary>
    public const int DefaultRate = 10;

    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<NetEndpoint?> connect = Addresses.Connect();
        Option<int> count = OptionFactory.Integer("--count", "Number of bots", 1_000, min: 1, MaxBots);
        Option<int> rate = OptionFactory.Integer(
            "--rate", "Messages each bot sends in a second; 0 for connections that stay idle", DefaultRate, min: 0, max: 1_000);
        Option<int> seed = Seed();
        var command = new NetLoopCommand(
            "bots",
            "Play on a 'netloop server' with many simulated clients on one loop, and check everything that they receive",
            "netloop bots --connect tcp://127.0.0.1:7777                               # 1,000 bots until Ctrl+C",
            "netloop bots --connect tcp://127.0.0.1:7777 --count 200 --duration 1m     # exit code 0 only when nothing was lost",
            "netloop bots --connect unix:///tmp/netloop.sock --rate 50 --json          # summary as JSON",
            "netloop bots --connect tcp://127.0.0.1:7777 --count 15000 --rate 0        # idle connections");
        command.Options.Add(connect);
        var trust = new TrustOption(command);
        command.Options.Add(count);
        command.Options.Add(rate);
        command.Options.Add(seed);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            var settings = new BotSettings(
                parsed.GetValue(connect)!.Value,
                parsed.GetValue(count),
                parsed.GetValue(rate),
                parsed.GetValue(seed))
            {
                Trusted = trust.Read(parsed),
            };
            using CommandRun run = options.Begin(parsed);
            return await BotRun.RunAsync(run, settings).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>The option that makes a run repeatable.</summary>
    public static Option<int> Seed() => OptionFactory.Integer("--seed", "The same seed gives the same walks", 1, min: 0, max: 1_000_000);
}
