namespace NetLoop.Sessions;

/// <summary>A rate limit: fills at a steady rate up to its burst, and each use takes from it.</summary>
/// <remarks>Thread: one. Times are loop nanoseconds.</remarks>
internal struct TokenBucket
{
    private const double NanosecondsPerSecond = 1e9;

    private double _tokens;
    private long _filledAt;

    /// <summary>A full bucket.</summary>
    public TokenBucket(double burst, long now)
    {
        _tokens = burst;
        _filledAt = now;
    }

    /// <summary>Takes an amount, going into debt for one that is larger than what is left.</summary>
    /// <returns>False when the bucket was empty.</returns>
    public bool TryTake(double amount, double ratePerSecond, double burst, long now)
    {
        _tokens = Math.Min(burst, _tokens + ((now - _filledAt) / NanosecondsPerSecond * ratePerSecond));
        _filledAt = now;
        if (_tokens <= 0)
        {
            return false;
        }

        _tokens -= amount;
        return true;
    }
}
