namespace NetLoop.Transports;

/// <summary>
/// Counters of a loop since it started. Written by the loop thread; <see cref="HandlerFaults"/> and <see cref="ResponsesLost"/> by any,
/// interlocked. Read by any.
/// </summary>
/// <remarks>Aligned 64-bit fields: a reader of another thread sees a recent value, never half of one.</remarks>
internal sealed class LoopCounters
{
    public long Iterations;
    public long Accepts;
    public long AcceptsStarved;
    public long ConnectionsOpened;
    public long ConnectionsClosed;
    public long ConnectionsRejected;
    public long SessionsOpened;
    public long SessionsClosed;
    public long BodiesIn;
    public long BodiesOut;
    public long BytesIn;
    public long BytesOut;
    public long QueuedBytes;
    public long ReadPauses;
    public long UnknownMessages;
    public long LateResponses;
    public long TraceContextsIgnored;
    public long SendsRejected;
    public long SendsDropped;
    public long ResponsesLost;
    public long HandlerFaults;
    public long Ticks;
    public long TicksSkipped;
    public long AllocatedBytes;

    /// <summary>Those of its UDP sockets.</summary>
    public readonly DatagramCounters Datagrams = new();

    /// <summary>Indexed by the number of the reason; Engine/PROTOCOL.md, section 6 lists them.</summary>
    public readonly long[] ClosedByReason = new long[18];
}
