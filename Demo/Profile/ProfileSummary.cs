using System.Globalization;

namespace NetLoop.Demo.Profile;

/// <summary>Shows how a server spent its time.</summary>
/// <param name="Waiting">The share of its time that the loop waited: 0 to 1.</param>
/// <param name="Phases">Each phase's share of the time that the loop worked: 0 to 1.</param>
/// <param name="CallsPerMessage">Calls of the operating system for each message received, including those that accept and close connections.</param>
internal sealed record ProfileSummary(double Waiting, IReadOnlyDictionary<string, double> Phases, IReadOnlyDictionary<string, double> CallsPerMessage)
{
    /// <summary>Creates the summary from the counts.</summary>
    public static ProfileSummary From(LoopStatistics statistics, CallCounts calls)
    {
        double waiting = 1 - statistics.Busy;
        double working = statistics.PhaseTimes.Where(pair => pair.Key != LoopPhase.Wait).Sum(pair => pair.Value.TotalSeconds);
        double messages = Math.Max(1, statistics.BodiesIn);
        return new ProfileSummary(
            Math.Round(waiting, 4),
            statistics.PhaseTimes.Where(pair => pair.Key != LoopPhase.Wait)
                .ToDictionary(pair => pair.Key.ToString(), pair => Math.Round(working > 0 ? pair.Value.TotalSeconds / working : 0, 4)),
            Enum.GetValues<StackCall>().ToDictionary(call => call.ToString(), call => Math.Round(calls[call] / messages, 4)));
    }

    /// <summary>Formats the summary for people.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"waited {Percent(Waiting)} of the time; of the rest {string.Join(", ", Phases.Select(pair => $"{pair.Key} {Percent(pair.Value)}"))}";
        yield return "calls a message: "
            + $"{string.Join(", ", CallsPerMessage.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:0.000}")))}";
    }

    private static string Percent(double fraction) => fraction.ToString("0.0%", CultureInfo.InvariantCulture);
}
