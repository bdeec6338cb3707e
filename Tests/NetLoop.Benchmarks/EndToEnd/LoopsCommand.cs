using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary><c>loops</c>: how much a second loop improves a server.</summary>
/// <remarks>
/// Only the generators are pinned, one on each of two cores, each with half of the connections: loops and load share the machine. Messages a second can
/// therefore grow only if one loop leaves the machine partly idle; the cost of several loops is visible in the processor time for each message.
/// </remarks>
internal static class LoopsCommand
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CompileTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly int[] Cores = [Machine.ServerCore, Machine.LoadCore];
    private static readonly LoadCase[] Cases =
    [
        new(100, 1, LoadCase.MoveBytes), new(100, 16, LoadCase.MoveBytes), new(1_000, 1, LoadCase.MoveBytes), new(1_000, 16, LoadCase.MoveBytes)
    ];

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = OptionFactory.Integer("--rounds", "How often each is measured in each cell; fewer than 8 prove nothing", 8, min: 1, max: 1_000);
        Option<int> milliseconds = OptionFactory.Integer("--milliseconds", "How long each is measured", 600, min: 100, max: 60_000);
        Option<int> loops = OptionFactory.Integer("--loops", "Measure 1, 2, ... to so many loops", 2, min: 2, max: 64);
        var command = new Command("loops", "Measure the engine's echo with one and with several loops (Linux)") { rounds, milliseconds, loops };
        var report = new ReportOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            using var programs = new CPrograms();
            await programs.BuildAsync().ConfigureAwait(false);
            var tool = new LoadTool(programs.LoadGenerator);
            string[] names = [.. Enumerable.Range(1, parsed.GetValue(loops)).Select(count => count == 1 ? "1 loop" : $"{count} loops")];
            var servers = new Dictionary<string, ServerProcess>(StringComparer.Ordinal);
            var results = new List<CaseResult>();
            try
            {
                for (int i = 0; i < names.Length; i++)
                {
                    servers.Add(names[i], await ServerProcess.StartAsync(ServerKind.NetLoopWith("--loops", $"{i + 1}"), core: null).ConfigureAwait(false));
                    foreach (LoadCase load in Cases)
                    {
                        await MeasureAsync(tool, load, servers[names[i]], TimeSpan.Zero, CompileTime).ConfigureAwait(false);
                    }
                }

                foreach (LoadCase load in Cases)
                {
                    results.AddRange(
                        await MeasureCaseAsync(
                            tool,
                            load,
                            servers,
                            names,
                            parsed.GetValue(rounds),
                            TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds))).ConfigureAwait(false));
                }
            }
            finally
            {
                foreach (ServerProcess server in servers.Values)
                {
                    await server.DisposeAsync().ConfigureAwait(false);
                }
            }

            string line =
                $"dotnet run -c Release --project Tests/NetLoop.Benchmarks -- loops {string.Join(' ', parsed.Tokens.Select(token => token.Value))}".TrimEnd();
            var whole = new ComparisonReport(Machine.Describe(), line, tool.Name, names[0], parsed.GetValue(rounds), results, []);
            await report.WriteAsync(parsed, whole, ReportJson.Default.ComparisonReport, whole.ToMarkdown()).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<IEnumerable<CaseResult>> MeasureCaseAsync(
        LoadTool tool, LoadCase load, Dictionary<string, ServerProcess> servers, string[] names, int rounds, TimeSpan duration)
    {
        var samples = names.ToDictionary(name => name, _ => new List<LoadSample>(), StringComparer.Ordinal);
        string[] order = [.. names];
        for (int round = 0; round < rounds; round++)
        {
            Random.Shared.Shuffle(order);
            foreach (string name in order)
            {
                samples[name].Add(await MeasureAsync(tool, load, servers[name], WarmUp, duration).ConfigureAwait(false));
                await Task.Delay(Pause).ConfigureAwait(false);
            }
        }

        return names.Select(name => CaseResult.From(load, name, samples[name], samples[names[0]]));
    }

    /// <summary>Runs both generators at once. Each counts all of the server's time for its own half of the messages.</summary>
    private static async Task<LoadSample> MeasureAsync(LoadTool tool, LoadCase load, ServerProcess server, TimeSpan warmUp, TimeSpan duration)
    {
        LoadCase half = load with { Connections = load.Connections / Cores.Length };
        LoadSample[] parts = await Task.WhenAll(Cores.Select(core => tool.RunAsync(half, server, warmUp, duration, core: core))).ConfigureAwait(false);
        return new LoadSample(
            parts.Sum(part => part.MessagesPerSecond),
            1 / parts.Sum(part => 1 / part.CpuMicroseconds),
            parts.Average(part => part.ServerCores),
            parts.Average(part => part.P50),
            parts.Max(part => part.P99),
            parts.Max(part => part.P999));
    }
}
