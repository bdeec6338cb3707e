namespace NetLoop.Sessions;

/// <summary>Smooths measured round trips and estimates the offset between two monotonic clocks.</summary>
/// <remarks>Thread: loop writes, any reads. Source: RFC 6298 section 2 for the smoothing (gain 1/8), RFC 5905 section 8 for the offset.</remarks>
internal struct RoundTripEstimator
{
    private const long Longest = 60_000_000_000;

    /// <summary>Nanoseconds; 0 before the first measurement.</summary>
    public long SmoothedRoundTrip { get; private set; }

    /// <summary>Nanoseconds to add to this side's clock to get the peer's.</summary>
    public long ClockOffset { get; private set; }

    /// <summary>Adds one measurement, clamped to 0 to 60 s, whatever the peer claims.</summary>
    /// <param name="sentAt">This side's clock when the Ping was sent.</param>
    /// <param name="receivedAt">This side's clock when the response arrived.</param>
    /// <param name="peerTime">The peer's clock in between.</param>
    public void Update(long sentAt, long receivedAt, ulong peerTime)
    {
        long roundTrip = Math.Clamp(receivedAt - sentAt, 1, Longest);
        long offset = unchecked((long)peerTime - (sentAt + (roundTrip / 2)));
        if (SmoothedRoundTrip == 0)
        {
            SmoothedRoundTrip = roundTrip;
            ClockOffset = offset;
            return;
        }

        SmoothedRoundTrip += (roundTrip - SmoothedRoundTrip) / 8;
        ClockOffset = unchecked(ClockOffset + ((offset - ClockOffset) / 8));
    }
}
