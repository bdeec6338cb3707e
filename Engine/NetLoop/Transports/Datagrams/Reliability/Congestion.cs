namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>How many bytes may be under way, and how fast they are sent: CUBIC with pacing.</summary>
/// <remarks>
/// Source: RFC 9438; pacing and the collapse after timeouts are those of RFC 9002, section 7. Times are nanoseconds.
/// </remarks>
internal struct Congestion(int maxPacketBytes)
{
    private const int InitialPackets = 10;
    private const int MinPackets = 2;
    private const int BurstPackets = 10;

    /// <summary>The share of the window that is left after a loss.</summary>
    private const double Decrease = 0.7;

    /// <summary>How fast the window grows back, in packets a cubic second.</summary>
    private const double Growth = 0.4;

    /// <summary>Packets a round trip by which a window of the same average as Reno's grows.</summary>
    private const double RenoGrowth = 3 * (1 - Decrease) / (1 + Decrease);

    private const double Second = 1e9;

    private long _slowStartLimit = long.MaxValue;
    private long _recoveryBegan = long.MinValue;

    // In packets: the window at the last loss, and what Reno would have now. In seconds: the time to grow back.
    private double _formerMaximum;
    private double _reno;
    private double _timeToMaximum;
    private long _growsSince;
    private double _budget = InitialPackets * (double)maxPacketBytes;
    private long _budgetAt;

    /// <summary>Longest packet, the unit of the window.</summary>
    public int PacketBytes { get; set; } = maxPacketBytes;

    /// <summary>Bytes that may be under way.</summary>
    public long Window { get; private set; } = InitialPackets * maxPacketBytes;

    /// <summary>Bytes under way.</summary>
    public long InFlight { get; private set; }

    /// <summary>Whether it looks for the capacity of the path by doubling.</summary>
    public readonly bool IsSlowStart => Window < _slowStartLimit;

    /// <summary>Whether another packet may be under way.</summary>
    public readonly bool HasRoom => InFlight + PacketBytes <= Window;

    /// <summary>When pacing allows the next packet.</summary>
    /// <param name="now">Now.</param>
    /// <param name="roundTrip">The smoothed round-trip time.</param>
    public long NextSend(long now, long roundTrip)
    {
        double perNanosecond = Rate(roundTrip);
        Refill(now, perNanosecond);
        return _budget >= PacketBytes ? now : now + (long)((PacketBytes - _budget) / perNanosecond) + 1;
    }

    /// <summary>Counts a packet that is sent.</summary>
    public void Sent(int bytes)
    {
        InFlight += bytes;
        _budget -= bytes;
    }

    /// <summary>Counts a packet that arrived.</summary>
    /// <param name="bytes">Its length.</param>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="wasInUse">Whether the window was in use; an idle sender's window does not grow.</param>
    /// <param name="now">Now.</param>
    /// <param name="roundTrip">The smoothed round-trip time.</param>
    public void Acknowledged(int bytes, long sentAt, bool wasInUse, long now, long roundTrip)
    {
        InFlight -= bytes;
        if (!wasInUse || sentAt <= _recoveryBegan)
        {
            return;
        }

        if (IsSlowStart)
        {
            Window += bytes;
            return;
        }

        double window = (double)Window / PacketBytes;
        double acknowledged = (double)bytes / PacketBytes;
        double sinceMaximum = ((now - _growsSince + roundTrip) / Second) - _timeToMaximum;
        double cubic = (Growth * sinceMaximum * sinceMaximum * sinceMaximum) + _formerMaximum;
        double target = Math.Clamp(cubic, window, 1.5 * window);
        _reno += RenoGrowth * acknowledged / window;
        window += (target - window) * acknowledged / window;
        Window = (long)(Math.Max(window, _reno) * PacketBytes);
    }

    /// <summary>Counts a packet that was lost.</summary>
    public void Lost(int bytes, long sentAt, long now)
    {
        InFlight -= bytes;
        if (sentAt <= _recoveryBegan)
        {
            return; // Part of a loss for which the window was reduced already.
        }

        _recoveryBegan = now;
        double window = (double)Window / PacketBytes;

        // A flow whose window had not grown back yet gives up some more, for new flows.
        _formerMaximum = window < _formerMaximum ? window * (1 + Decrease) / 2 : window;
        window = Math.Max(window * Decrease, MinPackets);
        _timeToMaximum = Math.Cbrt(Math.Max(0, _formerMaximum - window) / Growth);
        _growsSince = now;
        _reno = window;
        Window = (long)(window * PacketBytes);
        _slowStartLimit = Window;
    }

    /// <summary>Nothing was acknowledged for several timeouts: begins again with the smallest window.</summary>
    public void Collapsed()
    {
        Window = MinPackets * PacketBytes;
        _recoveryBegan = long.MinValue;
    }

    /// <summary>Bytes a nanosecond: faster than the window alone, so that pacing does not become the limit.</summary>
    private readonly double Rate(long roundTrip) => (IsSlowStart ? 2.0 : 1.25) * Window / Math.Max(roundTrip, 1);

    private void Refill(long now, double perNanosecond)
    {
        if (now > _budgetAt)
        {
            _budget = Math.Min(_budget + ((now - _budgetAt) * perNanosecond), BurstPackets * (double)PacketBytes);
            _budgetAt = now;
        }
    }
}
