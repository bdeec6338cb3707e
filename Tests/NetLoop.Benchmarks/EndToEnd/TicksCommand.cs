using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary><c>ticks</c>: how late ticks are, idle and under half load.</summary>
internal static class TicksCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        Option<int> seconds = OptionFactory.Integer("--seconds", "How long each is measured", (int)TickMeasurement.DefaultTime.TotalSeconds, min: 2, max: 600);
        var command = new Command("ticks", "Measure how late ticks are at 60 Hz, idle and while half of what the server can is echoed") { seconds };
        var report = new ReportOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            using var programs = new CPrograms();
            await programs.BuildAsync().ConfigureAwait(false);
            IReadOnlyList<TickResult> results = await TickMeasurement.RunAsync(
                new LoadTool(programs.LoadGenerator), TimeSpan.FromSeconds(parsed.GetValue(seconds))).ConfigureAwait(false);
            await report.WriteAsync(parsed, results, ReportJson.Default.IReadOnlyListTickResult, TickResult.ToMarkdown(results)).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }
}
