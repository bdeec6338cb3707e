#pragma warning disable CA1031 // The callbacks of a MeterListener are application code: an exception must not end the loop.

using System.Diagnostics.Metrics;
using NetLoop.Diagnostics;
using NetLoop.Transports;

namespace NetLoop.Hosting.Loop;

/// <summary>The meter named NetLoop with the counters of a loop, for dotnet-counters, OpenTelemetry and other tools.</summary>
/// <remarks>Thread: observed from any. Its only cost for the loop is two histogram records for each tick, while a listener is attached.</remarks>
internal sealed class LoopMeter : IDisposable
{
    /// <summary>Bucket boundaries of the histograms, in seconds: from the precision of a tick to a stall that players notice.</summary>
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    };

    private readonly Meter _meter;
    private readonly LoopCore _core;
    private LogLimiter _faultLines;

    public LoopMeter(LoopCore core, string loopName)
    {
        _core = core;
        _meter = new Meter(new MeterOptions("NetLoop") { Tags = [new("netloop.loop", loopName)] });
        LoopCounters counters = core.Counters;

        _meter.CreateObservableUpDownCounter(
            "netloop.connections", () => core.Transport.ConnectionCount, "{connection}", "Connections, including those that are connecting or closing.");
        _meter.CreateObservableUpDownCounter("netloop.sessions", () => counters.SessionsOpened - counters.SessionsClosed, "{session}", "Open sessions.");
        _meter.CreateObservableCounter("netloop.accepts", () => counters.Accepts, "{connection}", "Connections accepted.");
        _meter.CreateObservableCounter("netloop.bodies.received", () => counters.BodiesIn, "{body}", "Bodies received.");
        _meter.CreateObservableCounter("netloop.bodies.sent", () => counters.BodiesOut, "{body}", "Bodies queued for sending.");
        _meter.CreateObservableCounter("netloop.bytes.received", () => counters.BytesIn, "By", "Bytes received.");
        _meter.CreateObservableCounter("netloop.bytes.sent", () => counters.BytesOut, "By", "Bytes sent.");
        _meter.CreateObservableUpDownCounter("netloop.inbox.depth", () => core.Inbox.Depth, "{message}", "Messages decoded and not yet handled.");
        _meter.CreateObservableUpDownCounter("netloop.send_queue.bytes", () => counters.QueuedBytes, "By", "Bytes queued for sending.");
        _meter.CreateObservableCounter(
            "netloop.read_pauses", () => counters.ReadPauses, "{pause}", "Number of times that reading from a connection paused.");
        _meter.CreateObservableCounter(
            "netloop.drops", Drops, "{item}", "Messages, responses, trace contexts, sends and connections dropped or rejected, by reason.");
        _meter.CreateObservableCounter("netloop.sessions.closed", ClosedByReason, "{session}", "Sessions ended, by reason.");
        _meter.CreateObservableCounter("netloop.handler.faults", () => counters.HandlerFaults, "{fault}", "Exceptions of the application's handlers.");
        _meter.CreateObservableCounter("netloop.ticks", () => counters.Ticks, "{tick}", "Ticks run.");
        _meter.CreateObservableCounter("netloop.ticks.skipped", () => counters.TicksSkipped, "{tick}", "Ticks skipped because the loop was too late for them.");
        _meter.CreateObservableCounter("netloop.buffers.rents", () => core.Pool.Statistics.Rents, "{lease}", "Buffers rented.");
        _meter.CreateObservableCounter("netloop.buffers.misses", () => core.Pool.Statistics.Misses, "{lease}", "Rents that had to allocate.");
        _meter.CreateObservableUpDownCounter("netloop.buffers.rented", () => core.Pool.Statistics.RentedBytes, "By", "Bytes of buffers in use.");

        AddDatagrams(counters.Datagrams);
        Histogram<double> duration = _meter.CreateHistogram<double>("netloop.tick.duration", "s", "Time the handlers of a tick took.", tags: null, Buckets);
        Histogram<double> lateness = _meter.CreateHistogram<double>("netloop.tick.lateness", "s", "How late a tick began.", tags: null, Buckets);
        core.Ticks.OnMeasured = seconds => Record(duration, seconds);
        core.OnLatenessMeasured = seconds => Record(lateness, seconds);
    }

    public void Dispose()
    {
        try
        {
            _meter.Dispose();
        }
        catch (Exception exception)
        {
            HostingLog.MeterListenerFailed(_core.Logger, 0, exception);
        }
    }

    private void AddDatagrams(DatagramCounters counters)
    {
        _meter.CreateObservableCounter("netloop.udp.packets.received", () => counters.PacketsIn, "{packet}", "UDP packets received.");
        _meter.CreateObservableCounter("netloop.udp.packets.sent", () => counters.PacketsOut, "{packet}", "UDP packets sent.");
        _meter.CreateObservableCounter("netloop.udp.bytes.received", () => counters.BytesIn, "By", "Bytes of the UDP packets received.");
        _meter.CreateObservableCounter("netloop.udp.bytes.sent", () => counters.BytesOut, "By", "Bytes of the UDP packets sent.");
        _meter.CreateObservableCounter("netloop.udp.packets.lost", () => counters.PacketsLost, "{packet}", "UDP packets that were sent and declared lost.");
        _meter.CreateObservableCounter(
            "netloop.udp.retransmissions", () => counters.SegmentsSentAgain, "{segment}", "Segments of reliable messages that were sent again.");
        _meter.CreateObservableCounter(
            "netloop.udp.packets.dropped", () => counters.PacketsDropped, "{packet}", "UDP packets that the kernel dropped because a receive buffer was full.");
        _meter.CreateObservableCounter("netloop.udp.packets.rejected", () => Rejected(counters), "{packet}", "UDP packets rejected, by reason.");
    }

    private static IEnumerable<Measurement<long>> Rejected(DatagramCounters counters)
    {
        yield return Drop(counters.Rejected[(int)PacketRejection.Malformed], "malformed");
        yield return Drop(counters.Rejected[(int)PacketRejection.UnknownSender], "unknown_sender");
        yield return Drop(counters.Rejected[(int)PacketRejection.NotAuthentic], "not_authentic");
        yield return Drop(counters.Rejected[(int)PacketRejection.Replayed], "replayed");
        yield return Drop(counters.Rejected[(int)PacketRejection.InvalidToken], "invalid_token");
    }

    private void Record(Histogram<double> histogram, double seconds)
    {
        try
        {
            histogram.Record(seconds);
        }
        catch (Exception exception)
        {
            if (_faultLines.TryEnter(_core.Clock.ReadPrecise(), out long suppressed))
            {
                HostingLog.MeterListenerFailed(_core.Logger, suppressed, exception);
            }
        }
    }

    private IEnumerable<Measurement<long>> Drops()
    {
        yield return Drop(_core.Counters.UnknownMessages, "unknown_message");
        yield return Drop(_core.Counters.LateResponses, "late_response");
        yield return Drop(_core.Counters.TraceContextsIgnored, "trace_context");
        yield return Drop(_core.Counters.SendsRejected, "send_rejected");
        yield return Drop(_core.Counters.SendsDropped, "send_dropped");
        yield return Drop(_core.Counters.ResponsesLost, "response_lost");
        yield return Drop(_core.Counters.ConnectionsRejected, "connection_rejected");
        yield return Drop(_core.Counters.AcceptsStarved, "accept_starved");
    }

    private IEnumerable<Measurement<long>> ClosedByReason()
    {
        for (int reason = 0; reason < _core.Counters.ClosedByReason.Length; reason++)
        {
            yield return new Measurement<long>(
                _core.Counters.ClosedByReason[reason], new KeyValuePair<string, object?>("reason", ((CloseReason)reason).ToString()));
        }
    }

    private static Measurement<long> Drop(long count, string reason) => new(count, new KeyValuePair<string, object?>("reason", reason));
}
