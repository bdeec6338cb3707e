namespace NetLoop.Simulation;

/// <summary>One direction between two hosts: says when a segment arrives.</summary>
internal sealed class Link(LinkConditions conditions, SeededRandom random, FaultPlan faults)
{
    private readonly long _latency = conditions.Latency.Ticks * 100;
    private readonly long _jitter = conditions.Jitter.Ticks * 100;
    private readonly long _retransmission = conditions.RetransmissionTimeout.Ticks * 100;
    private long _busyUntil;
    private long _downUntil;

    /// <summary>Nothing passes until then.</summary>
    public void TakeDown(long until) => _downUntil = Math.Max(_downUntil, until);

    /// <summary>Whether what is sent now arrives now: then no event is needed.</summary>
    public bool IsInstant(long now) => _latency == 0 && _jitter == 0 && conditions.Loss == 0 && conditions.BytesPerSecond == 0 && now >= _downUntil;

    /// <summary>When something without bytes of its own arrives: a handshake, an acknowledgement, a reset.</summary>
    public long ArrivalOfControl(long now) => Math.Max(now, _downUntil) + _latency;

    /// <summary>When a segment sent now arrives; never before what was sent earlier on the same stream.</summary>
    public long ArrivalOf(int bytes, long now, long previousArrival)
    {
        long leaves = now;
        if (conditions.BytesPerSecond > 0)
        {
            _busyUntil = Math.Max(_busyUntil, now) + (bytes * 1_000_000_000L / conditions.BytesPerSecond);
            leaves = _busyUntil;
        }

        long arrival = leaves + _latency + (_jitter == 0 ? 0 : random.Between(0L, _jitter));
        if (conditions.Loss > 0 && random.Chance(conditions.Loss))
        {
            arrival += _retransmission;
        }

        if (faults.Hits(FaultClass.LinkLoss))
        {
            arrival += _retransmission;
        }

        if (now < _downUntil)
        {
            // Sent into the void; TCP's timer tries again when the way is open.
            arrival = Math.Max(arrival, _downUntil + _retransmission);
        }

        return Math.Max(arrival, previousArrival);
    }
}
