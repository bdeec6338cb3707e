using System.Globalization;
using System.Text;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The handshakes of one server over all rounds.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="HandshakesPerSecond">Handshakes a second.</param>
/// <param name="Ratio">The same as ratios to Kestrel in the same round.</param>
/// <param name="CpuMicroseconds">Processor time of the server for each.</param>
/// <param name="CpuRatio">The same as ratios to Kestrel in the same round.</param>
/// <param name="ServerCores">Processor time of the server for each second.</param>
internal sealed record HandshakeResult(
    string Server, Spread HandshakesPerSecond, Spread Ratio, Spread CpuMicroseconds, Spread CpuRatio, double ServerCores)
{
    /// <summary>Condenses the rounds of one server.</summary>
    public static HandshakeResult From(string server, IReadOnlyList<HandshakeSample> rounds, IReadOnlyList<HandshakeSample> reference) => new(
        server,
        Spread.Of(rounds.Select(sample => sample.HandshakesPerSecond)),
        Spread.Of(rounds.Zip(reference, (own, other) => own.HandshakesPerSecond / other.HandshakesPerSecond)),
        Spread.Of(rounds.Select(sample => sample.CpuMicroseconds)),
        Spread.Of(rounds.Zip(reference, (own, other) => own.CpuMicroseconds / other.CpuMicroseconds)),
        Spread.Of(rounds.Select(sample => sample.ServerCores)).Median);

    /// <summary>Formats the results as a table.</summary>
    public static string ToMarkdown(IReadOnlyList<HandshakeResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine("| server | handshakes/s | ratio | CPU us a handshake | ratio | cores |").AppendLine("|---|---|---|---|---|---|");
        foreach (HandshakeResult result in results)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {result.Server} | {result.HandshakesPerSecond.Median:N0} | {Text(result.Ratio)} | {result.CpuMicroseconds.Median:N0} | "
                    + $"{Text(result.CpuRatio)} | {result.ServerCores:0.00} |");
        }

        return text.ToString();
    }

    private static string Text(Spread ratio) => string.Create(CultureInfo.InvariantCulture, $"**{ratio.Median:0.00}** ({ratio.Low:0.00}-{ratio.High:0.00})");
}
