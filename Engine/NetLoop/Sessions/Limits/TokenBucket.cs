namespace NetLoop.Sessions.Limits;

/// <summary>A token bucket: it fills at a steady rate up to its burst, and each use takes from it.</summary>
/// <remarks>Thread: one. Times are loop nanoseconds.</remarks>
internal struct TokenBucket
{
    private const double NanosecondsPerSecond = 1e9;

    private double _tokens;
    private long _filledAt;
    private long _stalledAtFill;

    /// <summary>Creates a full bucket.</summary>
    public TokenBucket(double burst, long now, long stalled = 0)
    {
        _tokens = burst;
        _filledAt = now;
        _stalledAtFill = stalled;
    }

    /// <summary>Takes an amount, going into debt for an amount larger than the rest.</summary>
    /// <param name="amount">The amount to take.</param>
    /// <param name="ratePerSecond">The rate at which the bucket fills.</param>
    /// <param name="burst">
    /// The capacity. Tokens for the time in which the loop was stalled are added on top, because the input of that time arrives all at once.
    /// </param>
    /// <param name="now">The time.</param>
    /// <param name="stalled">The total time for which the loop has been stalled so far; never less than in the previous call.</param>
    /// <returns>False if the bucket was empty.</returns>
    public bool TryTake(double amount, double ratePerSecond, double burst, long now, long stalled = 0)
    {
        double missed = (stalled - _stalledAtFill) / NanosecondsPerSecond * ratePerSecond;
        double filled = _tokens + ((now - _filledAt) / NanosecondsPerSecond * ratePerSecond);
        _tokens = Math.Max(_tokens, Math.Min(burst, filled - missed)) + missed;
        _filledAt = now;
        _stalledAtFill = stalled;
        if (_tokens <= 0)
        {
            return false;
        }

        _tokens -= amount;
        return true;
    }
}
