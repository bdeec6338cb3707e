using System.Globalization;
using System.Text;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The memory of idle connections in a server's process, without that of the kernel.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Connections">Number of connections.</param>
/// <param name="BaseBytes">Memory before they connected.</param>
/// <param name="SilentBytes">Memory of each connection that never sent anything.</param>
/// <param name="UsedBytes">Memory of each connection that had one message echoed.</param>
internal sealed record IdleResult(string Server, int Connections, long BaseBytes, double SilentBytes, double UsedBytes)
{
    /// <summary>Formats the result as a table.</summary>
    public static string ToMarkdown(IReadOnlyList<IdleResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine("**Memory of the server's process for each idle connection**").AppendLine();
        text.AppendLine(
            "| server | connections | process before, MB | bytes each, silent | bytes each, after one message |").AppendLine("|---|---|---|---|---|");
        foreach (IdleResult result in results)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {result.Server} | {result.Connections:N0} | {result.BaseBytes / 1e6:0.0} | {result.SilentBytes:N0} | {result.UsedBytes:N0} |");
        }

        return text.ToString();
    }
}
