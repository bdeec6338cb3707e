using NetLoop.Demo.Display;

namespace NetLoop.Demo.Relay;

/// <summary>Summary of a relay's run.</summary>
/// <param name="Seconds">How long it ran.</param>
/// <param name="ToServer">The packets from clients.</param>
/// <param name="ToClient">The packets from the server.</param>
/// <param name="Failed">
/// Packets that the relay lost although it should not have: its memory or a kernel buffer was full, or there were too many clients. Then the network was worse
/// than it was set to be.
/// </param>
/// <param name="Busy">The share of its time that the relay's loop worked: 0 to 1.</param>
internal sealed record RelaySummary(double Seconds, RelayCounters ToServer, RelayCounters ToClient, long Failed, double Busy)
{
    /// <summary>Summarizes a relay that has ended.</summary>
    public static RelaySummary Of(LossyRelay relay, TimeSpan time) => new(
        Math.Round(time.TotalSeconds, 3),
        relay.ToServerCounters,
        relay.ToClientCounters,
        relay.ToServerCounters.Failed + relay.ToClientCounters.Failed + relay.ClientsRejected + relay.KernelDrops,
        Math.Round(relay.LoopStatistics.Busy, 3));

    /// <summary>Formats the summary for people.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"relayed for {Format.Time(TimeSpan.FromSeconds(Seconds))}; busy {Format.Percent(Busy)}";
        yield return $"to the server: {Line(ToServer)}";
        yield return $"to clients: {Line(ToClient)}";
        if (Failed > 0)
        {
            yield return $"{Format.Count(Failed)} more packets were lost because the relay could not keep up, so the network was worse than it was set to be";
        }
    }

    private static string Line(RelayCounters counters) =>
        $"{Format.Count(counters.Received)} packets came, {Format.Count(counters.Forwarded)} went on; lost {Format.Count(counters.Lost)}, twice "
            + $"{Format.Count(counters.Duplicated)}, held back {Format.Count(counters.Reordered)}, queue was full {Format.Count(counters.Overflowed)}";
}
