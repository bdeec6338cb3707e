using NetLoop.Hosting.Loop;
using NetLoop.Transports;

namespace NetLoop;

/// <summary>Counters and state of a loop, or of all loops of a server, at one moment. Counters and times start with the loop.</summary>
public sealed record LoopStatistics
{
    /// <summary>Current number of connections, including those that are connecting or closing.</summary>
    public int Connections { get; init; }

    /// <summary>Current number of open sessions.</summary>
    public long Sessions { get; init; }

    /// <summary>Connections accepted.</summary>
    public long Accepts { get; init; }

    /// <summary>Connections rejected because the server was full or stopping, or because their address had reached a limit.</summary>
    public long Rejected { get; init; }

    /// <summary>Bodies received.</summary>
    public long BodiesIn { get; init; }

    /// <summary>Bodies queued for sending.</summary>
    public long BodiesOut { get; init; }

    /// <summary>Bytes received.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes sent.</summary>
    public long BytesOut { get; init; }

    /// <summary>Current number of messages that are decoded and not yet handled.</summary>
    public long InboxDepth { get; init; }

    /// <summary>Current number of bytes queued for sending.</summary>
    public long SendQueueBytes { get; init; }

    /// <summary>Number of times that reading from a connection paused.</summary>
    public long ReadPauses { get; init; }

    /// <summary>Messages dropped because their type has no handler.</summary>
    public long UnknownMessages { get; init; }

    /// <summary>Responses dropped because their request had ended.</summary>
    public long LateResponses { get; init; }

    /// <summary>Trace contexts of requests that were ignored because they, or their <c>tracestate</c>, were malformed or too long.</summary>
    public long TraceContextsIgnored { get; init; }

    /// <summary>Sends that returned neither Sent nor Dropped.</summary>
    public long SendsRejected { get; init; }

    /// <summary>Unreliable and sequenced messages dropped because the peer was behind. A sequenced message replaced by a newer one is not counted.</summary>
    public long SendsDropped { get; init; }

    /// <summary>
    /// Responses that could not be sent because this side closed the session while the handler ran, or because the loop ended while it ran. Responses to a
    /// peer that has disconnected are not counted.
    /// </summary>
    public long ResponsesLost { get; init; }

    /// <summary>Exceptions of the application's handlers.</summary>
    public long HandlerFaults { get; init; }

    /// <summary>Ticks run.</summary>
    public long Ticks { get; init; }

    /// <summary>Ticks skipped because the loop was too late for them.</summary>
    public long TicksSkipped { get; init; }

    /// <summary>Durations of ticks. The histogram is live and keeps changing: copy values to keep them.</summary>
    public required LatencyHistogram TickTime { get; init; }

    /// <summary>Delays between the due time and the start of ticks. The histogram is live and keeps changing: copy values to keep them.</summary>
    public required LatencyHistogram TickLateness { get; init; }

    /// <summary>Bytes allocated by the loop thread, as of the end of its last iteration.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Counters of its UDP sockets.</summary>
    public DatagramStatistics Datagrams { get; init; } = new();

    /// <summary>Statistics of the buffer pool.</summary>
    public BufferPoolStatistics Buffers { get; init; }

    /// <summary>Iterations of the loop.</summary>
    public long Iterations { get; init; }

    /// <summary>Time spent in each phase.</summary>
    public required IReadOnlyDictionary<LoopPhase, TimeSpan> PhaseTimes { get; init; }

    /// <summary>Closed sessions by reason; reasons that did not occur are left out.</summary>
    public required IReadOnlyDictionary<CloseReason, long> ClosedByReason { get; init; }

    /// <summary>Share of the time in which the loop worked instead of waiting: 0 to 1.</summary>
    public double Busy
    {
        get
        {
            double total = PhaseTimes.Values.Sum(time => time.TotalSeconds);
            return total <= 0 ? 0 : 1 - (PhaseTimes[LoopPhase.Wait].TotalSeconds / total);
        }
    }

    /// <summary>Adds up the statistics of a server's loops; tick statistics are those of the first loop.</summary>
    /// <param name="loops">At least one.</param>
    internal static LoopStatistics Sum(IReadOnlyList<LoopStatistics> loops)
    {
        LoopStatistics first = loops[0];
        if (loops.Count == 1)
        {
            return first;
        }

        return first with
        {
            Connections = loops.Sum(loop => loop.Connections),
            Sessions = loops.Sum(loop => loop.Sessions),
            Accepts = loops.Sum(loop => loop.Accepts),
            Rejected = loops.Sum(loop => loop.Rejected),
            BodiesIn = loops.Sum(loop => loop.BodiesIn),
            BodiesOut = loops.Sum(loop => loop.BodiesOut),
            BytesIn = loops.Sum(loop => loop.BytesIn),
            BytesOut = loops.Sum(loop => loop.BytesOut),
            InboxDepth = loops.Sum(loop => loop.InboxDepth),
            SendQueueBytes = loops.Sum(loop => loop.SendQueueBytes),
            ReadPauses = loops.Sum(loop => loop.ReadPauses),
            UnknownMessages = loops.Sum(loop => loop.UnknownMessages),
            LateResponses = loops.Sum(loop => loop.LateResponses),
            TraceContextsIgnored = loops.Sum(loop => loop.TraceContextsIgnored),
            SendsRejected = loops.Sum(loop => loop.SendsRejected),
            SendsDropped = loops.Sum(loop => loop.SendsDropped),
            ResponsesLost = loops.Sum(loop => loop.ResponsesLost),
            HandlerFaults = loops.Sum(loop => loop.HandlerFaults),
            AllocatedBytes = loops.Sum(loop => loop.AllocatedBytes),
            Iterations = loops.Sum(loop => loop.Iterations),
            Datagrams = DatagramStatistics.Sum([.. loops.Select(loop => loop.Datagrams)]),
            Buffers = BufferPoolStatistics.Sum(loops.Select(loop => loop.Buffers)),
            PhaseTimes = first.PhaseTimes.Keys.ToDictionary(
                phase => phase,
                phase => TimeSpan.FromTicks(loops.Sum(loop => loop.PhaseTimes[phase].Ticks))),
            ClosedByReason = loops.SelectMany(loop => loop.ClosedByReason)
                .GroupBy(closed => closed.Key, closed => closed.Value)
                .ToDictionary(reason => reason.Key, reason => reason.Sum()),
        };
    }

    internal static LoopStatistics Of(LoopCore core)
    {
        LoopCounters counters = core.Counters;
        var phases = new Dictionary<LoopPhase, TimeSpan>();
        for (int phase = 0; phase < core.PhaseTotals.Length; phase++)
        {
            phases[(LoopPhase)phase] = TimeSpan.FromTicks(core.PhaseTotals[phase] / 100);
        }

        var closed = new Dictionary<CloseReason, long>();
        for (int reason = 0; reason < counters.ClosedByReason.Length; reason++)
        {
            if (counters.ClosedByReason[reason] > 0)
            {
                closed[(CloseReason)reason] = counters.ClosedByReason[reason];
            }
        }

        return new LoopStatistics
        {
            Connections = core.Transport.ConnectionCount,
            Sessions = counters.SessionsOpened - counters.SessionsClosed,
            Accepts = counters.Accepts,
            Rejected = counters.ConnectionsRejected,
            BodiesIn = counters.BodiesIn,
            BodiesOut = counters.BodiesOut,
            BytesIn = counters.BytesIn,
            BytesOut = counters.BytesOut,
            InboxDepth = core.Inbox.Depth,
            SendQueueBytes = counters.QueuedBytes,
            ReadPauses = counters.ReadPauses,
            UnknownMessages = counters.UnknownMessages,
            LateResponses = counters.LateResponses,
            TraceContextsIgnored = counters.TraceContextsIgnored,
            SendsRejected = counters.SendsRejected,
            SendsDropped = counters.SendsDropped,
            ResponsesLost = Volatile.Read(ref counters.ResponsesLost),
            HandlerFaults = counters.HandlerFaults,
            Ticks = counters.Ticks,
            TicksSkipped = counters.TicksSkipped,
            TickTime = core.Ticks.Durations,
            TickLateness = core.Lateness,
            AllocatedBytes = counters.AllocatedBytes,
            Datagrams = DatagramStatistics.Of(counters.Datagrams),
            Buffers = core.Pool.Statistics,
            Iterations = counters.Iterations,
            PhaseTimes = phases,
            ClosedByReason = closed,
        };
    }
}
