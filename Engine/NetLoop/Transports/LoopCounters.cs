namespace NetLoop.Transports;

/// <summary>
/// What a loop has done since it began. Written by the loop thread; <see cref="HandlerFaults"/> and <see cref="ResponsesLost"/> by any,
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
    public long ConnectionsRefused;
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
    public long SendsRefused;
    public long ResponsesLost;
    public long HandlerFaults;
    public long Ticks;
    public long TicksSkipped;
    public long AllocatedBytes;

    /// <summary>By the number of the reason, as many as Engine/PROTOCOL.md, section 6 lists.</summary>
    public readonly long[] ClosedByReason = new long[18];
}
