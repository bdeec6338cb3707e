using NetLoop.Hosting.Loop;
using NetLoop.Transports;

namespace NetLoop;

/// <summary>A loop, or all loops of a server, in numbers, at one moment. Counts are since the loop began; times are since then too, unless said.</summary>
public sealed record LoopStatistics
{
    /// <summary>Connections open, connecting or closing now.</summary>
    public int Connections { get; init; }

    /// <summary>Sessions open now.</summary>
    public long Sessions { get; init; }

    /// <summary>Connections accepted.</summary>
    public long Accepts { get; init; }

    /// <summary>Connections refused because the server was full or the address came too often.</summary>
    public long Refused { get; init; }

    /// <summary>Bodies received.</summary>
    public long BodiesIn { get; init; }

    /// <summary>Bodies sent.</summary>
    public long BodiesOut { get; init; }

    /// <summary>Bytes received.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes sent.</summary>
    public long BytesOut { get; init; }

    /// <summary>Messages decoded and not yet handled, now.</summary>
    public long InboxDepth { get; init; }

    /// <summary>Bytes that wait for slow readers, now.</summary>
    public long SendQueueBytes { get; init; }

    /// <summary>Times a connection stopped reading because the inbox was full.</summary>
    public long ReadPauses { get; init; }

    /// <summary>Messages dropped because nobody handles their type.</summary>
    public long UnknownMessages { get; init; }

    /// <summary>Responses dropped because their request had ended.</summary>
    public long LateResponses { get; init; }

    /// <summary>Sends that returned something else than Sent.</summary>
    public long SendsRefused { get; init; }

    /// <summary>
    /// Responses that could not be sent because this side had closed the session while the handler ran, and handlers that still ran when the loop ended.
    /// Responses to a peer that is gone are not among them.
    /// </summary>
    public long ResponsesLost { get; init; }

    /// <summary>Exceptions of the application's handlers.</summary>
    public long HandlerFaults { get; init; }

    /// <summary>Ticks run.</summary>
    public long Ticks { get; init; }

    /// <summary>Ticks skipped because the loop was too late for them.</summary>
    public long TicksSkipped { get; init; }

    /// <summary>How long ticks took; live, so copy what must not change.</summary>
    public required LatencyHistogram TickTime { get; init; }

    /// <summary>How late ticks began; live, so copy what must not change.</summary>
    public required LatencyHistogram TickLateness { get; init; }

    /// <summary>Bytes allocated by the loop thread, as of its last tick.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>The buffer pool.</summary>
    public BufferPoolStatistics Buffers { get; init; }

    /// <summary>Iterations of the loop.</summary>
    public long Iterations { get; init; }

    /// <summary>Time spent in each phase.</summary>
    public required IReadOnlyDictionary<LoopPhase, TimeSpan> PhaseTimes { get; init; }

    /// <summary>Closed sessions by reason; reasons that did not occur are left out.</summary>
    public required IReadOnlyDictionary<CloseReason, long> ClosedByReason { get; init; }

    /// <summary>The share of its time that the loop worked instead of waiting: 0 to 1.</summary>
    public double Busy
    {
        get
        {
            double total = PhaseTimes.Values.Sum(time => time.TotalSeconds);
            return total <= 0 ? 0 : 1 - (PhaseTimes[LoopPhase.Wait].TotalSeconds / total);
        }
    }

    /// <summary>Adds up what the loops of a server have done; ticks are those of the first.</summary>
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
            Refused = loops.Sum(loop => loop.Refused),
            BodiesIn = loops.Sum(loop => loop.BodiesIn),
            BodiesOut = loops.Sum(loop => loop.BodiesOut),
            BytesIn = loops.Sum(loop => loop.BytesIn),
            BytesOut = loops.Sum(loop => loop.BytesOut),
            InboxDepth = loops.Sum(loop => loop.InboxDepth),
            SendQueueBytes = loops.Sum(loop => loop.SendQueueBytes),
            ReadPauses = loops.Sum(loop => loop.ReadPauses),
            UnknownMessages = loops.Sum(loop => loop.UnknownMessages),
            LateResponses = loops.Sum(loop => loop.LateResponses),
            SendsRefused = loops.Sum(loop => loop.SendsRefused),
            ResponsesLost = loops.Sum(loop => loop.ResponsesLost),
            HandlerFaults = loops.Sum(loop => loop.HandlerFaults),
            AllocatedBytes = loops.Sum(loop => loop.AllocatedBytes),
            Iterations = loops.Sum(loop => loop.Iterations),
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
            Refused = counters.ConnectionsRefused,
            BodiesIn = counters.BodiesIn,
            BodiesOut = counters.BodiesOut,
            BytesIn = counters.BytesIn,
            BytesOut = counters.BytesOut,
            InboxDepth = core.Inbox.Depth,
            SendQueueBytes = counters.QueuedBytes,
            ReadPauses = counters.ReadPauses,
            UnknownMessages = counters.UnknownMessages,
            LateResponses = counters.LateResponses,
            SendsRefused = counters.SendsRefused,
            ResponsesLost = Volatile.Read(ref counters.ResponsesLost),
            HandlerFaults = counters.HandlerFaults,
            Ticks = counters.Ticks,
            TicksSkipped = counters.TicksSkipped,
            TickTime = core.Ticks.Durations,
            TickLateness = core.Lateness,
            AllocatedBytes = counters.AllocatedBytes,
            Buffers = core.Pool.Statistics,
            Iterations = counters.Iterations,
            PhaseTimes = phases,
            ClosedByReason = closed,
        };
    }
}
