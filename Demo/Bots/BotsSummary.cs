using NetLoop.Demo.Display;

namespace NetLoop.Demo.Bots;

/// <summary>Summary of a run of bots.</summary>
/// <param name="Seconds">Duration of the run.</param>
/// <param name="Bots">Number of bots that were to play.</param>
/// <param name="Connected">Number of bots that were connected at the end.</param>
/// <param name="Sent">Messages sent.</param>
/// <param name="Received">Messages received.</param>
/// <param name="Lost">Reliable messages that never arrived or got no response, and sessions that ended too early or never began.</param>
/// <param name="SnapshotsSkipped">Snapshots that never arrived because a network lost them, or because a newer one replaced them.</param>
/// <param name="Wrong">Messages with unexpected contents.</param>
/// <param name="RoundTrip">Time from sending a move to receiving its echo.</param>
/// <param name="Reaction">Time from steering to the snapshot that shows it: a round trip and the wait for the tick.</param>
/// <param name="Busy">The share of its time that the bots' loop worked: 0 to 1.</param>
/// <param name="LoopLateness">How late the bots acted.</param>
/// <param name="BotsWereTheBottleneck">Whether the bots' own loop was too busy to measure the server.</param>
/// <param name="FirstFault">Describes the first fault; null if there was none.</param>
internal sealed record BotsSummary(
    double Seconds,
    int Bots,
    int Connected,
    long Sent,
    long Received,
    long Lost,
    long SnapshotsSkipped,
    long Wrong,
    LatencySummary RoundTrip,
    LatencySummary Reaction,
    double Busy,
    LatencySummary LoopLateness,
    bool BotsWereTheBottleneck,
    string? FirstFault)
{
    /// <summary>Whether nothing was lost or wrong.</summary>
    public bool IsClean => Lost == 0 && Wrong == 0 && (Connected > 0 || Bots == 0);

    /// <summary>Formats the summary for people.</summary>
    /// <param name="lostElsewhere">Messages that the server lost, when these lines report for both sides.</param>
    public IEnumerable<string> ToLines(long lostElsewhere = 0)
    {
        yield return $"bots {Connected} of {Bots} for {Format.Time(TimeSpan.FromSeconds(Seconds))}: sent {Format.Count(Sent)}, received "
            + $"{Format.Count(Received)}";
        yield return $"round trip {RoundTrip}";
        yield return $"steering to snapshot {Reaction}";
        yield return $"bot loop: {Format.Percent(Busy)} busy; lateness {LoopLateness}";
        if (BotsWereTheBottleneck)
        {
            yield return "the bots were the bottleneck: these times say more about their own loop than about the server; use fewer bots, or several processes";
        }

        if (FirstFault is not null)
        {
            yield return $"first fault: {FirstFault}";
        }

        if (SnapshotsSkipped > 0)
        {
            yield return $"snapshots skipped {Format.Count(SnapshotsSkipped)}: newer ones arrived in their place";
        }

        yield return $"wrong {Wrong}; lost {Lost + lostElsewhere}";
    }
}
