using System.CommandLine;
using System.Text.Json;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary><c>datagrams</c>: messages over UDP, compared with LiteNetLib.</summary>
internal static class DatagramsCommand
{
    private const int WarmUpMilliseconds = 600;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = OptionFactory.Integer("--rounds", "How often each load is measured; fewer than 8 prove nothing", 8, min: 1, max: 1_000);
        Option<int> milliseconds = OptionFactory.Integer("--milliseconds", "How long each is measured", 1_000, min: 100, max: 60_000);
        Option<int> seed = OptionFactory.Integer("--seed", "Of the order in which servers are measured", 1, min: 0, max: int.MaxValue);
        var command = new Command("datagrams", "Measure messages over UDP, which the engine encrypts, against LiteNetLib, which does not")
        {
            rounds, milliseconds, seed,
        };
        var report = new ReportOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            IReadOnlyList<DatagramResult> results = await MeasureAsync(
                parsed.GetValue(rounds), parsed.GetValue(milliseconds), parsed.GetValue(seed)).ConfigureAwait(false);
            await report.WriteAsync(
                parsed,
                results,
                ReportJson.Default.IReadOnlyListDatagramResult,
                $"{Machine.Describe()}\n\n{DatagramResult.ToMarkdown(results)}").ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<IReadOnlyList<DatagramResult>> MeasureAsync(int rounds, int milliseconds, int seed)
    {
        var random = new Random(seed);
        var servers = new Dictionary<DatagramPeer, ServerProcess>();
        var samples = new Dictionary<(DatagramPeer, DatagramCase), List<DatagramSample>>();
        try
        {
            foreach (DatagramPeer peer in Enum.GetValues<DatagramPeer>())
            {
                ServerKind kind = ServerKind.Own(ServeCommand.Datagrams, "--peer", $"{peer}");
                servers.Add(peer, await ServerProcess.StartAsync(kind, Machine.ServerCore).ConfigureAwait(false));
                foreach (DatagramCase load in DatagramCase.All)
                {
                    samples.Add((peer, load), []);
                    _ = await LoadAsync(peer, servers[peer], load, milliseconds).ConfigureAwait(false); // Compiles the server's code.
                }
            }

            (DatagramPeer Peer, DatagramCase Load)[] order = [.. samples.Keys];
            for (int round = 0; round < rounds; round++)
            {
                random.Shuffle(order);
                foreach ((DatagramPeer peer, DatagramCase load) in order)
                {
                    samples[(peer, load)].Add(await LoadAsync(peer, servers[peer], load, milliseconds).ConfigureAwait(false));
                }
            }
        }
        finally
        {
            foreach (ServerProcess server in servers.Values)
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }
        }

        return
        [
            .. DatagramCase.All.Select(load => DatagramResult.From(load, samples[(DatagramPeer.NetLoop, load)], samples[(DatagramPeer.LiteNetLib, load)])),
        ];
    }

    private static async Task<DatagramSample> LoadAsync(DatagramPeer peer, ServerProcess server, DatagramCase load, int milliseconds)
    {
        ServerKind clients = ServerKind.Own(
            ServeCommand.DatagramLoad,
            "--peer", $"{peer}", "--port", $"{server.Port}", "--pid", $"{server.Id}", "--clients", $"{load.Clients}", "--in-flight", $"{load.InFlight}",
            "--delivery", load.IsReliable ? "reliable" : "unreliable", "--warm-up", $"{WarmUpMilliseconds}", "--milliseconds", $"{milliseconds}");
        string output = await Machine.OutputOfAsync(Machine.Start(Machine.LoadCore, clients.Program, clients.Arguments)).ConfigureAwait(false)
            ?? throw new FailureException($"the load '{load.Name}' failed with {peer}");
        return JsonSerializer.Deserialize(output, ReportJson.Lines.DatagramSample)!;
    }
}
