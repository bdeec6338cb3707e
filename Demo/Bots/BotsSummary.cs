using NetLoop.Demo.Display;

namespace NetLoop.Demo.Bots;

/// <summary>How a run of bots went.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Bots">How many were to play.</param>
/// <param name="Connected">How many were connected at the end.</param>
/// <param name="Sent">Messages sent.</param>
/// <param name="Received">Messages received.</param>
/// <param name="Lost">Messages that never arrived or were never answered, and sessions that ended too early or never began.</param>
/// <param name="Wrong">Messages that were not what they had to be.</param>
/// <param name="RoundTrip">From sending a move until it was back.</param>
/// <param name="Reaction">From steering until a snapshot showed it: a round trip and the wait for the tick.</param>
/// <param name="Busy">The share of its time that the bots' loop worked: 0 to 1.</param>
/// <param name="LoopLateness">How late the bots acted.</param>
/// <param name="BotsWereTheBottleneck">Whether the bots' own loop was too busy for its measurements to speak about the server.</param>
/// <param name="FirstFault">What went wrong first, or null.</param>
internal sealed record BotsSummary(
    double Seconds,
    int Bots,
    int Connected,
    long Sent,
    long Received,
    long Lost,
    long Wrong,
    LatencySummary RoundTrip,
    LatencySummary Reaction,
    double Busy,
    LatencySummary LoopLateness,
    bool BotsWereTheBottleneck,
    string? FirstFault)
{
    /// <summary>Whether all went well.</summary>
    public bool IsClean => Lost == 0 && Wrong == 0 && (Connected > 0 || Bots == 0);

    /// <summary>The same for people.</summary>
    /// <param name="lostElsewhere">Messages that the server knows to be lost, when these lines speak for both.</param>
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

        yield return $"wrong {Wrong}; lost {Lost + lostElsewhere}";
    }
}
