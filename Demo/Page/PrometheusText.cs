using System.Globalization;
using System.Text;

namespace NetLoop.Demo.Page;

/// <summary>The server's counters in the text format of Prometheus, version 0.0.4. The engine's counters are named as in its meter.</summary>
internal static class PrometheusText
{
    /// <summary>The content type that Prometheus expects.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double[] Quantiles = [0.5, 0.99, 0.999];

    /// <summary>Writes all counters.</summary>
    /// <param name="server">The server's statistics.</param>
    /// <param name="vitals">The figures that only the demo has.</param>
    /// <param name="roundTrip">The bots' round trips.</param>
    public static string Write(LoopStatistics server, in Vitals vitals, LatencyHistogram roundTrip)
    {
        var text = new StringBuilder();
        Gauge(text, "netloop_connections", "Connections, including those that are connecting or closing.", server.Connections);
        Gauge(text, "netloop_sessions", "Open sessions.", server.Sessions);
        Counter(text, "netloop_accepts_total", "Connections accepted.", server.Accepts);
        Counter(text, "netloop_bodies_received_total", "Bodies received.", server.BodiesIn);
        Counter(text, "netloop_bodies_sent_total", "Bodies queued for sending.", server.BodiesOut);
        Counter(text, "netloop_received_bytes_total", "Bytes received.", server.BytesIn);
        Counter(text, "netloop_sent_bytes_total", "Bytes sent.", server.BytesOut);
        Gauge(text, "netloop_inbox_depth", "Messages decoded and not yet handled.", server.InboxDepth);
        Gauge(text, "netloop_send_queue_bytes", "Bytes queued for sending.", server.SendQueueBytes);
        Counter(text, "netloop_read_pauses_total", "Number of times that reading from a connection paused.", server.ReadPauses);
        Counter(text, "netloop_handler_faults_total", "Exceptions of the application's handlers.", server.HandlerFaults);
        Counter(text, "netloop_responses_lost_total", "Responses that could not be sent.", server.ResponsesLost);
        Counter(text, "netloop_allocated_bytes_total", "Bytes allocated by the loop's thread.", server.AllocatedBytes);
        Counter(text, "netloop_iterations_total", "Iterations of the loop.", server.Iterations);
        Counter(text, "netloop_ticks_total", "Ticks run.", server.Ticks);
        Counter(text, "netloop_ticks_skipped_total", "Ticks skipped because the loop was too late for them.", server.TicksSkipped);
        Summary(text, "netloop_tick_duration_seconds", "Time the handlers of a tick took.", server.TickTime);
        Summary(text, "netloop_tick_lateness_seconds", "How late a tick began.", server.TickLateness);
        Labelled(
            text,
            "netloop_phase_seconds_total",
            "Time spent in each phase of the loop.",
            "phase",
            server.PhaseTimes.Select(phase => (phase.Key.ToString(), phase.Value.TotalSeconds)));
        Labelled(
            text,
            "netloop_sessions_closed_total",
            "Sessions ended, by reason.",
            "reason",
            server.ClosedByReason.Select(closed => (closed.Key.ToString(), (double)closed.Value)));
        DatagramStatistics udp = server.Datagrams;
        Counter(text, "netloop_udp_packets_received_total", "UDP packets received.", udp.PacketsIn);
        Counter(text, "netloop_udp_packets_sent_total", "UDP packets sent.", udp.PacketsOut);
        Counter(text, "netloop_udp_received_bytes_total", "Bytes of the UDP packets received.", udp.BytesIn);
        Counter(text, "netloop_udp_sent_bytes_total", "Bytes of the UDP packets sent.", udp.BytesOut);
        Counter(text, "netloop_udp_packets_lost_total", "UDP packets that were sent and declared lost.", udp.PacketsLost);
        Counter(text, "netloop_udp_retransmissions_total", "Segments of reliable messages that were sent again.", udp.Retransmissions);
        Counter(text, "netloop_udp_packets_dropped_total", "UDP packets that the kernel dropped because a receive buffer was full.", udp.PacketsDropped);
        Labelled(
            text,
            "netloop_udp_packets_rejected_total",
            "UDP packets rejected, by reason.",
            "reason",
            udp.RejectedByReason.Select(rejected => (rejected.Key.ToString(), (double)rejected.Value)));
        Gauge(text, "netloop_demo_bots", "Bots that are connected.", vitals.Bots);
        Counter(text, "netloop_demo_messages_lost_total", "Messages of honest bots that were lost, or wrong.", vitals.MessagesLost);
        Summary(text, "netloop_demo_round_trip_seconds", "From sending a move until it was back, as the bots measure it.", roundTrip);
        Gauge(text, "process_resident_memory_bytes", "Memory of the process.", vitals.MemoryBytes);
        return text.ToString();
    }

    private static void Gauge(StringBuilder text, string name, string help, double value) => Single(text, name, help, "gauge", value);

    private static void Counter(StringBuilder text, string name, string help, double value) => Single(text, name, help, "counter", value);

    private static void Single(StringBuilder text, string name, string help, string type, double value)
    {
        Head(text, name, help, type);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Labelled(StringBuilder text, string name, string help, string label, IEnumerable<(string Label, double Value)> values)
    {
        Head(text, name, help, "counter");
        foreach ((string of, double value) in values)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{of}\"}} {value}\n");
        }
    }

    private static void Summary(StringBuilder text, string name, string help, LatencyHistogram histogram)
    {
        Head(text, name, help, "summary");
        foreach (double quantile in Quantiles)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{quantile=\"{quantile}\"}} {histogram.Percentile(quantile * 100) / 1e9}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_sum {histogram.Mean * histogram.Count / 1e9}\n{name}_count {histogram.Count}\n");
    }

    private static void Head(StringBuilder text, string name, string help, string type) => text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
