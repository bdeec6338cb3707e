using System.Diagnostics;
using NetLoop.Demo.Bots;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Page;

/// <summary>Computes the server's figures since the last sample from running totals.</summary>
/// <param name="statistics">Returns the server's statistics.</param>
/// <param name="fleet">The bots.</param>
/// <param name="lost">Returns how many messages the arena has lost.</param>
/// <remarks>Thread: one at a time.</remarks>
internal sealed class VitalsSampler(Func<LoopStatistics> statistics, BotFleet fleet, Func<long> lost)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly LatencyWindow _tickTime = new();
    private readonly LatencyWindow _lateness = new();
    private readonly LatencyWindow _roundTrip = new();
    private readonly LatencyWindow _udpRoundTrip = new();
    private readonly RateCounter _packetsLost = new();
    private readonly RateCounter _retransmissions = new();
    private readonly RateCounter _skipped = new();
    private readonly RateCounter _messagesIn = new();
    private readonly RateCounter _messagesOut = new();
    private readonly RateCounter _bytesIn = new();
    private readonly RateCounter _bytesOut = new();
    private readonly RateCounter _allocated = new();
    private readonly BusyCounter _busy = new();
    private readonly PhaseCounter _phases = new();
    private long _sampled = Stopwatch.GetTimestamp();

    /// <summary>Milliseconds since the server began.</summary>
    public long Time => (long)Stopwatch.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>The last sample.</summary>
    public Vitals Latest { get; private set; }

    /// <summary>Takes the next sample.</summary>
    public Vitals Next()
    {
        LoopStatistics now = statistics();
        double seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(_sampled).TotalSeconds);
        _sampled = Stopwatch.GetTimestamp();
        LatencyHistogram tickTime = _tickTime.Next(now.TickTime);
        LatencyHistogram roundTrip = _roundTrip.Next(fleet.Totals.StreamRoundTrip);
        LatencyHistogram udpRoundTrip = _udpRoundTrip.Next(fleet.Totals.UdpRoundTrip);
        DatagramStatistics there = fleet.LoopStatistics.Datagrams;
        double messagesIn = _messagesIn.Next(now.BodiesIn, seconds);
        double messagesOut = _messagesOut.Next(now.BodiesOut, seconds);
        BotTotals bots = fleet.Totals;
        Latest = new Vitals(
            Time,
            Milliseconds(tickTime.Percentile(50)),
            Milliseconds(tickTime.Max),
            Milliseconds(_lateness.Next(now.TickLateness).Max),
            (float)messagesIn,
            (float)messagesOut,
            (float)_bytesIn.Next(now.BytesIn, seconds),
            (float)_bytesOut.Next(now.BytesOut, seconds),
            Milliseconds(roundTrip.Percentile(50)),
            Milliseconds(roundTrip.Percentile(99)),
            now.InboxDepth,
            now.SendQueueBytes,
            Environment.WorkingSet,
            (float)(_allocated.Next(now.AllocatedBytes, seconds) / Math.Max(1, messagesIn + messagesOut)),
            now.Sessions,
            fleet.Alive,
            (float)_busy.Next(now),
            now.TicksSkipped,
            lost() + bots.Missing + bots.Wrong + bots.Disconnected,
            _phases.Next(now),
            fleet.AliveOn(BotTransport.WebSocket),
            fleet.AliveOn(BotTransport.Udp),
            Milliseconds(udpRoundTrip.Percentile(50)),
            Milliseconds(udpRoundTrip.Percentile(99)),
            (float)_packetsLost.Next(now.Datagrams.PacketsLost + there.PacketsLost, seconds),
            (float)_retransmissions.Next(now.Datagrams.Retransmissions + there.Retransmissions, seconds),
            (float)_skipped.Next(bots.Skipped, seconds));
        return Latest;
    }

    private static float Milliseconds(long nanoseconds) => (float)(nanoseconds / 1e6);
}
