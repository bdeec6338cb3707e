using System.Globalization;
using System.Text;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>A comparison, as it is written to a file.</summary>
/// <param name="Machine">The machine, on which all figures depend.</param>
/// <param name="Command">The command that repeats it.</param>
/// <param name="Generator">The load generator.</param>
/// <param name="Reference">The server to which the ratios refer.</param>
/// <param name="Rounds">Rounds of each cell.</param>
/// <param name="Results">One result for each server and cell.</param>
/// <param name="Ticks">How late ticks were; empty unless requested.</param>
internal sealed record ComparisonReport(
    string Machine,
    string Command,
    string Generator,
    string Reference,
    int Rounds,
    IReadOnlyList<CaseResult> Results,
    IReadOnlyList<TickResult> Ticks)
{
    /// <summary>Formats the report as a page of Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{Machine}; load by {Generator}; {Rounds} rounds in random order; medians; ratios are to '{Reference}' in the same round, with quartiles.");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"    {Command}");
        foreach (IGrouping<string, CaseResult> load in Results.GroupBy(result => result.Title))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"**{load.Key}**").AppendLine();
            text.AppendLine("| server | messages/s | ratio | CPU us a message | ratio | cores | p50 us | ratio | p99 us | p99.9 us |");
            text.AppendLine("|---|---|---|---|---|---|---|---|---|---|");
            foreach (CaseResult result in load)
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"| {result.Server} | {result.MessagesPerSecond.Median:N0} | {Ratio(result.MessagesRatio)} | "
                        + $"{result.CpuMicroseconds.Median:0.00} | {Ratio(result.CpuRatio)} | {result.ServerCores:0.00} | {result.P50:N0} | "
                            + $"{Ratio(result.P50Ratio)} | {result.P99:N0} | {result.P999:N0} |");
            }
        }

        if (Ticks.Count > 0)
        {
            text.AppendLine().Append(TickResult.ToMarkdown(Ticks));
        }

        return text.ToString();
    }

    private static string Ratio(Spread? ratio) => ratio is null
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"**{ratio.Median:0.00}** ({ratio.Low:0.00}-{ratio.High:0.00})");
}
