using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Relay;

/// <summary><c>netloop relay</c>: a bad network on one machine.</summary>
internal static class RelayCommand
{
    private const int DefaultQueueKilobytes = 64;

    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<NetEndpoint?> listen = Addresses.Udp("--listen", "The UDP address to which clients send; a port alone listens on 127.0.0.1");
        Option<NetEndpoint?> to = Addresses.Udp("--to", "The UDP address of the server; a port alone means 127.0.0.1");
        Option<double> loss = OptionFactory.Percent("--loss", "Share of the packets that are lost");
        Option<int> burst = OptionFactory.Integer("--burst", "Mean number of packets that are lost one after the other", 1, min: 1, max: 1_000);
        Option<double> duplicate = OptionFactory.Percent("--duplicate", "Share of the packets that arrive twice");
        Option<double> reorder = OptionFactory.Percent(
            "--reorder",
            $"Share of the packets that are held back by {NetworkConditions.ReorderDelay.TotalMilliseconds:0} ms, so that later ones overtake them");
        Option<TimeSpan?> latency = OptionFactory.Duration("--latency", "Delay of each packet, in each direction [default: none]");
        Option<TimeSpan?> jitter = OptionFactory.Duration("--jitter", "Maximum difference from the latency; packets may overtake others [default: none]");
        Option<int> rate = OptionFactory.Integer(
            "--rate", "Kilobytes (1,000 bytes) that each client's link carries a second, in each direction; 0 for no limit", 0, min: 0, max: 10_000_000);
        Option<int> queue = OptionFactory.Integer(
            "--queue", "With --rate: kilobytes that wait for the link of a client; more are dropped", DefaultQueueKilobytes, min: 2, max: 100_000);
        Option<RelayDirection> direction = OptionFactory.Word(
            "--direction",
            "Which packets meet the bad network; the others pass at once [default: both]",
            ("both", RelayDirection.Both),
            ("to-server", RelayDirection.ToServer),
            ("to-client", RelayDirection.ToClient));
        Option<int> seed = OptionFactory.Integer("--seed", "The same seed and the same packets give the same losses", 1, min: 0, max: 1_000_000);
        var command = new NetLoopCommand(
            "relay",
            "Be a bad network between UDP clients and a server on this machine: losses, delays, copies, and links of limited rate",
            "netloop server --udp 127.0.0.1:7777 --udp-public 127.0.0.1:7800                      # names the relay in its connect tokens",
            "netloop relay --listen 127.0.0.1:7800 --to 127.0.0.1:7777 --loss 5% --latency 50ms   # between that server and its clients",
            "netloop bots --connect udp://127.0.0.1:7777                                          # gets a token, and plays through the relay",
            "netloop relay --listen 7800 --to 7777 --loss 25% --duplicate 25% --jitter 20ms       # a very bad network",
            "netloop relay --listen 7800 --to 7777 --rate 64 --queue 16 --direction to-client     # slow downloads");
        command.Options.Add(listen);
        command.Options.Add(to);
        command.Options.Add(loss);
        command.Options.Add(burst);
        command.Options.Add(duplicate);
        command.Options.Add(reorder);
        command.Options.Add(latency);
        command.Options.Add(jitter);
        command.Options.Add(rate);
        command.Options.Add(queue);
        command.Options.Add(direction);
        command.Options.Add(seed);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            NetEndpoint server = parsed.GetValue(to)!.Value;
            if (!server.IsResolved || server.Port == 0)
            {
                throw new MistakeException("--to: write an IP address and the port that the server prints, such as 127.0.0.1:7777");
            }

            var conditions = new NetworkConditions
            {
                Loss = parsed.GetValue(loss),
                LossBurst = parsed.GetValue(burst),
                Duplication = parsed.GetValue(duplicate),
                Reordering = parsed.GetValue(reorder),
                Latency = parsed.GetValue(latency) ?? TimeSpan.Zero,
                Jitter = parsed.GetValue(jitter) ?? TimeSpan.Zero,
                BytesPerSecond = parsed.GetValue(rate) * 1_000L,
                QueueBytes = parsed.GetValue(queue) * 1_000,
            };
            RelayDirection affected = parsed.GetValue(direction);
            using CommandRun run = options.Begin(parsed);
            return await RelayRun.RunAsync(
                run,
                parsed.GetValue(listen)!.Value,
                server,
                affected == RelayDirection.ToClient ? NetworkConditions.Perfect : conditions,
                affected == RelayDirection.ToServer ? NetworkConditions.Perfect : conditions,
                parsed.GetValue(seed)).ConfigureAwait(false);
        });
        return command;
    }
}
