using System.Globalization;
using System.Text;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The cost of a server's broadcasts.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Sessions">Receivers.</param>
/// <param name="TicksPerSecond">Snapshots that each receiver got a second.</param>
/// <param name="SessionsPerMillisecond">Receivers for each millisecond of the sending thread.</param>
/// <param name="CpuMicroseconds">Processor time for each receiver and tick.</param>
/// <param name="AllocatedBytes">Bytes that the sending thread allocated in all measured ticks.</param>
internal sealed record BroadcastResult(
    string Server,
    int Sessions,
    double TicksPerSecond,
    double SessionsPerMillisecond,
    double CpuMicroseconds,
    long AllocatedBytes)
{
    /// <summary>Medians over rounds, and paired ratios to the first server's.</summary>
    /// <param name="rounds">In each round, one result of each server in the same order.</param>
    public static string ToMarkdown(IReadOnlyList<IReadOnlyList<BroadcastResult>> rounds)
    {
        var text = new StringBuilder();
        BroadcastResult[] first = [.. rounds[0]];
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{first[0].Sessions:N0} sessions, one snapshot of {Snapshot.FrameBytes} bytes to each a tick; {rounds.Count} rounds; medians; ratio to "
                + $"'{first[^1].Server}' in the same round.");
        text.AppendLine()
            .AppendLine("| server | ticks/s | sessions/ms | ratio | CPU us a session and tick | allocated |")
            .AppendLine("|---|---|---|---|---|---|");
        for (int i = 0; i < first.Length; i++)
        {
            double Median(Func<BroadcastResult, double> figure) => Spread.Of(rounds.Select(round => figure(round[i]))).Median;
            var ratio = Spread.Of(rounds.Select(round => round[i].SessionsPerMillisecond / round[^1].SessionsPerMillisecond));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {first[i].Server} | {Median(result => result.TicksPerSecond):0.0} | {Median(result => result.SessionsPerMillisecond):N0} | "
                    + $"**{ratio.Median:0.00}** ({ratio.Low:0.00}-{ratio.High:0.00}) | {Median(result => result.CpuMicroseconds):0.00} | "
                        + $"{rounds.Max(round => round[i].AllocatedBytes)} B |");
        }

        return text.ToString();
    }
}
