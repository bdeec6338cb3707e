namespace NetLoop.Sessions;

/// <summary>The Pings of one session, of which one at a time is outstanding, and what they measure.</summary>
/// <remarks>Thread: loop; the measurements may be read from any. Times are loop nanoseconds.</remarks>
/// <param name="firstPing">When the first Ping is due.</param>
internal sealed class Heartbeat(long firstPing)
{
    private const long NoPing = -1;

    private RoundTripEstimator _roundTrip;
    private long _sentAt = NoPing;

    /// <summary>When the next Ping is due.</summary>
    public long NextPing { get; set; } = firstPing;

    /// <summary>Whether the answer to one is still to come.</summary>
    public bool IsAwaited => _sentAt != NoPing;

    /// <summary>Smoothed round trip; 0 before the first answer.</summary>
    public long RoundTrip => _roundTrip.SmoothedRoundTrip;

    /// <summary>What to add to our clock to get the peer's.</summary>
    public long ClockOffset => _roundTrip.ClockOffset;

    /// <summary>Notes that a Ping leaves.</summary>
    public void Sent(long now) => _sentAt = now;

    /// <summary>The outstanding one gets no answer.</summary>
    public void Forget() => _sentAt = NoPing;

    /// <summary>Feeds an answer. Only the echo of the outstanding Ping counts: a peer must not choose our measurements.</summary>
    public void Answered(in Pong pong, long now)
    {
        if (IsAwaited && pong.ClientTime == (ulong)_sentAt)
        {
            _roundTrip.Update(_sentAt, now, pong.ServerTime);
            _sentAt = NoPing;
        }
    }
}
