namespace NetLoop.Diagnostics;

/// <summary>
/// Lets one line through in five seconds, so that an incident does not flood the log. There is one field for each log site, shared by all peers.
/// </summary>
/// <remarks>Thread: any. Takes no lock: a logger that blocks one thread must not block the others that reach the same site.</remarks>
internal struct LogLimiter
{
    /// <summary>
    /// A suppressed event this many times as bad as the last logged one is logged nevertheless: four lines within the pause distinguish 9 ms from 500 ms.
    /// </summary>
    private const long WorseFactor = 4;

    private const long PauseNs = 5_000_000_000;

    private long _quietUntilNs;
    private long _suppressed;
    private long _writtenMagnitude;

    /// <summary>Whether a line may be logged now.</summary>
    /// <param name="nowNs">The time of the loop clock, 0 or later.</param>
    /// <param name="suppressed">Number of lines suppressed since the last logged one, to be reported with this one.</param>
    public bool TryEnter(long nowNs, out long suppressed) => TryEnter(nowNs, magnitude: 0, out suppressed);

    /// <summary>The same for an event with a magnitude: one that is much worse than the last logged one does not wait.</summary>
    /// <param name="nowNs">The time of the loop clock, 0 or later.</param>
    /// <param name="magnitude">How bad the event is, in any unit; 0 if it has no magnitude.</param>
    /// <param name="suppressed">Number of lines suppressed since the last logged one, to be reported with this one.</param>
    public bool TryEnter(long nowNs, long magnitude, out long suppressed)
    {
        suppressed = 0;
        long quietUntil = Volatile.Read(ref _quietUntilNs);
        bool isMuchWorse = magnitude > 0 && magnitude / WorseFactor >= Volatile.Read(ref _writtenMagnitude);
        if ((nowNs < quietUntil && !isMuchWorse)
            || Interlocked.CompareExchange(ref _quietUntilNs, Math.Max(quietUntil, nowNs + PauseNs), quietUntil) != quietUntil)
        {
            Interlocked.Increment(ref _suppressed);
            return false;
        }

        Volatile.Write(ref _writtenMagnitude, magnitude);
        suppressed = Interlocked.Exchange(ref _suppressed, 0);
        return true;
    }
}
