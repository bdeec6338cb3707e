using System.Diagnostics;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Bots;

/// <summary>Measures a fleet: once a second for the display, and at the end for the summary.</summary>
/// <param name="fleet">The bots.</param>
/// <param name="lostElsewhere">Counts the messages that the server lost, when this part of the display reports for both; null otherwise.</param>
internal sealed class BotMeter(BotFleet fleet, Func<long>? lostElsewhere = null)
{
    /// <summary>When a loop works for more than this share of its time, its own delays distort what it measures.</summary>
    private const double BottleneckBusy = 0.8;

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly RateCounter _sent = new();
    private readonly RateCounter _received = new();
    private readonly BusyCounter _busy = new();
    private long _sampled = Stopwatch.GetTimestamp();

    /// <summary>Time since the meter was created.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>Describes the time since the last sample.</summary>
    public StatusPart Sample()
    {
        double seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(_sampled).TotalSeconds);
        _sampled = Stopwatch.GetTimestamp();
        BotTotals totals = fleet.Totals;
        string sent = Format.Rate(_sent.Next(totals.Sent, seconds));
        string received = Format.Rate(_received.Next(totals.Received, seconds));
        var roundTrip = LatencySummary.From(totals.RoundTrip);
        string busy = Format.Percent(_busy.Next(fleet.LoopStatistics));
        long lost = Lost(totals) + (lostElsewhere?.Invoke() ?? 0);
        return new StatusPart(
            $"bots {fleet.Alive}  sent {sent}/s  received {received}/s  round trip p50 {roundTrip.P50Milliseconds:0.00} ms p99 "
                + $"{roundTrip.P99Milliseconds:0.00} ms  busy {busy}  wrong {totals.Wrong}  lost {lost}"
                + (totals.Skipped > 0 ? $"  snapshots skipped {totals.Skipped}" : ""),
            [
                new("bots", $"{Format.Count(fleet.Alive)} of {Format.Count(fleet.Wanted)}"),
                new("bots' messages", $"{sent} sent, {received} received a second", IsDetail: true),
                new("round trip", roundTrip.ToString()),
                new("steering to snapshot", LatencySummary.From(totals.Reaction).ToString(), IsDetail: true),
                new("bots' loop", $"busy {busy}", IsDetail: true),
                new("messages wrong", Format.Count(totals.Wrong)),
                new("messages lost", Format.Count(lost)),
                new("snapshots skipped", Format.Count(totals.Skipped), IsDetail: true),
            ]);
    }

    /// <summary>Describes the whole run. Call this after the fleet was drained, while it is still connected.</summary>
    public BotsSummary Summarize()
    {
        BotTotals totals = fleet.Totals;
        LoopStatistics loop = fleet.LoopStatistics;
        return new BotsSummary(
            Math.Round(Elapsed.TotalSeconds, 3),
            fleet.Wanted,
            fleet.Alive,
            totals.Sent,
            totals.Received,
            Lost(totals) + totals.Outstanding,
            totals.Skipped,
            totals.Wrong,
            LatencySummary.From(totals.RoundTrip),
            LatencySummary.From(totals.Reaction),
            Math.Round(loop.Busy, 3),
            LatencySummary.From(loop.TickLateness),
            loop.Busy > BottleneckBusy || loop.TickLateness.Percentile(90) > BotFleet.ActionPause.TotalNanoseconds,
            totals.FirstFault);
    }

    private static long Lost(BotTotals totals) => totals.Missing + totals.Disconnected;
}
