using System.Globalization;
using System.Text;

namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary>One load over all rounds.</summary>
/// <param name="Load">The load's name.</param>
/// <param name="MessagesPerSecond">Messages of the engine a second.</param>
/// <param name="Ratio">The same as ratios to LiteNetLib in the same round.</param>
/// <param name="CpuMicroseconds">Processor time of the engine's server for each.</param>
/// <param name="CpuRatio">The same as ratios to LiteNetLib in the same round.</param>
/// <param name="ServerCores">Processor time of the engine's server for each second.</param>
/// <param name="LostShare">The share of the engine's messages that was lost.</param>
/// <param name="OtherMessagesPerSecond">Messages of LiteNetLib a second.</param>
/// <param name="OtherServerCores">Processor time of LiteNetLib's server for each second.</param>
/// <param name="OtherLostShare">The share of LiteNetLib's messages that was lost.</param>
internal sealed record DatagramResult(
    string Load,
    Spread MessagesPerSecond,
    Spread Ratio,
    Spread CpuMicroseconds,
    Spread CpuRatio,
    double ServerCores,
    double LostShare,
    Spread OtherMessagesPerSecond,
    double OtherServerCores,
    double OtherLostShare)
{
    /// <summary>Condenses the rounds of one load.</summary>
    public static DatagramResult From(DatagramCase load, IReadOnlyList<DatagramSample> own, IReadOnlyList<DatagramSample> other) => new(
        load.Name,
        Spread.Of(own.Select(sample => sample.MessagesPerSecond)),
        Spread.Of(own.Zip(other, (left, right) => left.MessagesPerSecond / right.MessagesPerSecond)),
        Spread.Of(own.Select(sample => sample.CpuMicroseconds)),
        Spread.Of(own.Zip(other, (left, right) => left.CpuMicroseconds / right.CpuMicroseconds)),
        Spread.Of(own.Select(sample => sample.ServerCores)).Median,
        Spread.Of(own.Select(sample => sample.LostShare)).Median,
        Spread.Of(other.Select(sample => sample.MessagesPerSecond)),
        Spread.Of(other.Select(sample => sample.ServerCores)).Median,
        Spread.Of(other.Select(sample => sample.LostShare)).Median);

    /// <summary>Formats the results as a table.</summary>
    public static string ToMarkdown(IReadOnlyList<DatagramResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine("| load | netloop, messages/s | LiteNetLib | ratio | CPU us a message | ratio | cores | lost |");
        text.AppendLine("|---|--:|--:|---|--:|---|--:|--:|");
        foreach (DatagramResult result in results)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {result.Load} | {result.MessagesPerSecond.Median:N0} | {result.OtherMessagesPerSecond.Median:N0} | {Text(result.Ratio)} | "
                    + $"{result.CpuMicroseconds.Median:N1} | {Text(result.CpuRatio)} | {result.ServerCores:0.00}, {result.OtherServerCores:0.00} | "
                    + $"{result.LostShare:P2}, {result.OtherLostShare:P2} |");
        }

        return text.ToString();
    }

    private static string Text(Spread ratio) => string.Create(CultureInfo.InvariantCulture, $"**{ratio.Median:0.00}** ({ratio.Low:0.00}-{ratio.High:0.00})");
}
