using System.Globalization;
using System.Text;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The lateness of ticks.</summary>
/// <param name="Precision">The option --tick-precision.</param>
/// <param name="Load">Messages a second that were echoed at the same time; 0 for an idle server.</param>
/// <param name="Ticks">Number of ticks.</param>
/// <param name="P50">Microseconds.</param>
/// <param name="P99">Microseconds.</param>
/// <param name="P999">Microseconds.</param>
/// <param name="ServerCores">Processor time for each second.</param>
internal sealed record TickResult(string Precision, int Load, long Ticks, double P50, double P99, double P999, double ServerCores)
{
    /// <summary>Formats the result as a table.</summary>
    public static string ToMarkdown(IReadOnlyList<TickResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine("**Tick lateness at 60 Hz**").AppendLine();
        text.AppendLine("| --tick-precision | load | ticks | p50 us | p99 us | p99.9 us | cores |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (TickResult result in results)
        {
            string load = result.Load == 0 ? "idle" : string.Create(CultureInfo.InvariantCulture, $"{result.Load:N0} messages/s, half of what it can");
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {result.Precision} | {load} | {result.Ticks:N0} | {result.P50:N0} | {result.P99:N0} | {result.P999:N0} | {result.ServerCores:0.000} |");
        }

        return text.ToString();
    }
}
