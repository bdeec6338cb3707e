using System.Globalization;

namespace NetLoop.Demo.Profile;

/// <summary>Where a server's time went.</summary>
/// <param name="Waiting">The share of the time that the loop waited: 0 to 1.</param>
/// <param name="Phases">Of the time that it worked, each phase's share: 0 to 1.</param>
/// <param name="CallsPerMessage">Calls of the operating system for each message received; those of accepting and closing included.</param>
internal sealed record ProfileSummary(double Waiting, IReadOnlyDictionary<string, double> Phases, IReadOnlyDictionary<string, double> CallsPerMessage)
{
    /// <summary>Reads what was counted.</summary>
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

    /// <summary>The same for people.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"waited {Percent(Waiting)} of the time; of the rest {string.Join(", ", Phases.Select(pair => $"{pair.Key} {Percent(pair.Value)}"))}";
        yield return "calls a message: "
            + $"{string.Join(", ", CallsPerMessage.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:0.000}")))}";
    }

    private static string Percent(double fraction) => fraction.ToString("0.0%", CultureInfo.InvariantCulture);
}
