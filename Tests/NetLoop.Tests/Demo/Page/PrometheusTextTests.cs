using System.Text.RegularExpressions;
using NetLoop.Demo.Page;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
public sealed partial class PrometheusTextTests
{
    [Test]
    public void Write_Statistics_IsTheTextFormatWithBaseUnits()
    {
        var ticks = new LatencyHistogram();
        ticks.Record(2_000_000, 10);
        var statistics = new LoopStatistics
        {
            BodiesIn = 1_234_567_890_123,
            TickTime = ticks,
            TickLateness = new LatencyHistogram(),
            PhaseTimes = new Dictionary<LoopPhase, TimeSpan> { [LoopPhase.Wait] = TimeSpan.FromMilliseconds(1500) },
            ClosedByReason = new Dictionary<CloseReason, long> { [CloseReason.SlowConsumer] = 3 },
            Datagrams = new DatagramStatistics
            {
                PacketsLost = 7,
                RejectedByReason = new Dictionary<PacketRejection, long> { [PacketRejection.Replayed] = 5 },
            },
        };

        string text = PrometheusText.Write(statistics, default(Vitals) with { Bots = 200 }, new LatencyHistogram());

        string[] lines = text.TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.All.Matches<string>(line => line[0] == '#' || Sample().IsMatch(line)));
        Assert.That(lines, Has.Member("netloop_bodies_received_total 1234567890123"));
        Assert.That(lines, Has.Member("netloop_tick_duration_seconds{quantile=\"0.99\"} 0.002"));
        Assert.That(lines, Has.Member("netloop_tick_duration_seconds_sum 0.02").And.Member("netloop_tick_duration_seconds_count 10"));
        Assert.That(lines, Has.Member("netloop_phase_seconds_total{phase=\"Wait\"} 1.5"));
        Assert.That(lines, Has.Member("netloop_sessions_closed_total{reason=\"SlowConsumer\"} 3").And.Member("netloop_demo_bots 200"));
        Assert.That(lines, Has.Member("netloop_udp_packets_lost_total 7").And.Member("netloop_udp_packets_rejected_total{reason=\"Replayed\"} 5"));
        string[] names = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Assert.That(names, Is.Unique.And.Length.GreaterThan(20));
    }

    [GeneratedRegex("^[a-z_]+(\\{[a-z]+=\"[A-Za-z0-9.]+\"\\})? [0-9][0-9.eE+-]*$")]
    private static partial Regex Sample();
}
