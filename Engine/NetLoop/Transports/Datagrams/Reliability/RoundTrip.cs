namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>The round-trip time of a link, and the timeouts that follow from it. Nanoseconds.</summary>
/// <remarks>Source: RFC 9002, section 5, and RFC 6298.</remarks>
internal struct RoundTrip
{
    /// <summary>Assumed before the first measurement.</summary>
    private const long Initial = 200_000_000;
    private const long MinTimeout = 60_000_000;
    private const long MaxTimeout = 2_000_000_000;
    private const long Granularity = 1_000_000;

    private long _latest;

    public RoundTrip()
    {
    }

    /// <summary>Whether it was measured.</summary>
    public readonly bool IsMeasured => _latest > 0;

    /// <summary>The smoothed time.</summary>
    public long Smoothed { get; private set; } = Initial;

    /// <summary>The mean deviation.</summary>
    public long Variation { get; private set; } = Initial / 2;

    /// <summary>The shortest time.</summary>
    public long Shortest { get; private set; } = long.MaxValue;

    /// <summary>
    /// Time after which a packet counts as lost, once a later one was acknowledged. It allows for reordering by the jitter that was measured: counting packets
    /// instead would take every burst of jitter for loss (RFC 8985).
    /// </summary>
    public readonly long LossDelay => Math.Max(Smoothed, _latest) + Math.Max(Math.Max(Smoothed / 8, 4 * Variation), Granularity);

    /// <summary>Records a measurement.</summary>
    /// <param name="measured">From sending a packet to the arrival of its first acknowledgement.</param>
    /// <param name="ackDelay">Time for which the other side held the acknowledgement.</param>
    public void Add(long measured, long ackDelay)
    {
        measured = Math.Max(measured, 1);
        bool isFirst = !IsMeasured;
        Shortest = Math.Min(Shortest, measured);
        _latest = measured - Shortest >= ackDelay ? measured - ackDelay : measured;
        if (isFirst)
        {
            Smoothed = _latest;
            Variation = _latest / 2;
            return;
        }

        Variation = ((3 * Variation) + Math.Abs(Smoothed - _latest)) / 4;
        Smoothed = ((7 * Smoothed) + _latest) / 8;
    }

    /// <summary>How long to wait for an acknowledgement.</summary>
    /// <param name="maxAckDelay">Time for which the other side may hold it.</param>
    /// <param name="attempts">Timeouts in a row so far: each doubles the next.</param>
    public readonly long Timeout(long maxAckDelay, int attempts)
    {
        long timeout = Math.Max(Smoothed + Math.Max(4 * Variation, Granularity) + maxAckDelay, MinTimeout);
        return Math.Min(timeout << Math.Min(attempts, 10), Math.Max(MaxTimeout, timeout));
    }
}
