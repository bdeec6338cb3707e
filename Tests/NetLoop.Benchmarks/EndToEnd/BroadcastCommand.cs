using System.CommandLine;
using System.Text.Json;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary><c>broadcast</c>: one snapshot to many sessions each tick, compared with a loop of <c>send</c> in C.</summary>
internal static class BroadcastCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = OptionFactory.Integer("--rounds", "How often each is measured", 5, min: 1, max: 1_000);
        Option<int> sessions = OptionFactory.Integer("--sessions", "How many sessions", 1_000, min: 1, max: 15_000);
        Option<int> tickRate = OptionFactory.Integer("--tick-rate", "Steps a second", 60, min: 1, max: 1_000);
        Option<int> milliseconds = OptionFactory.Integer("--milliseconds", "How long each is measured", 3_000, min: 100, max: 60_000);
        var command = new Command(
            "broadcast", "Send one snapshot to all sessions each tick, against 'send' in a loop in C") { rounds, sessions, tickRate, milliseconds };
        var report = new ReportOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            using var programs = new CPrograms();
            await programs.BuildAsync().ConfigureAwait(false);
            string sessionsText = $"{parsed.GetValue(sessions)}";
            string rateText = $"{parsed.GetValue(tickRate)}";
            string timeText = $"{parsed.GetValue(milliseconds)}";
            List<ServerKind> servers =
            [
                ServerKind.Own(ServeCommand.Broadcast, "--sessions", sessionsText, "--tick-rate", rateText, "--milliseconds", timeText)
            ];
            if (programs.Broadcast is { } broadcast)
            {
                servers.Add(new ServerKind(ServerKind.C, broadcast, "0", sessionsText, rateText, $"{Snapshot.FrameBytes}", timeText));
            }

            var results = new List<IReadOnlyList<BroadcastResult>>();
            for (int round = 0; round < parsed.GetValue(rounds); round++)
            {
                var order = Enumerable.Range(0, servers.Count).ToArray();
                Random.Shared.Shuffle(order);
                var inRound = new BroadcastResult[servers.Count];
                foreach (int index in order)
                {
                    inRound[index] = await MeasureAsync(servers[index], sessionsText).ConfigureAwait(false);
                }

                results.Add(inRound);
            }

            await report.WriteAsync(
                parsed,
                [.. results.SelectMany(round => round)],
                ReportJson.Default.IReadOnlyListBroadcastResult,
                BroadcastResult.ToMarkdown(results)).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<BroadcastResult> MeasureAsync(ServerKind kind, string sessions)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind, Machine.ServerCore).ConfigureAwait(false);
        ServerKind drain = ServerKind.Own(ServeCommand.Drain, "--port", $"{server.Port}", "--sessions", sessions);
        await using ServerProcess receivers = await ServerProcess.StartAsync(drain, Machine.LoadCore).ConfigureAwait(false);
        string summary = await server.ReadSummaryAsync().ConfigureAwait(false);
        return JsonSerializer.Deserialize(summary, ReportJson.Default.BroadcastResult)!;
    }
}
