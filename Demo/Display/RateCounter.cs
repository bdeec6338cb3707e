namespace NetLoop.Demo.Display;

/// <summary>Computes a rate from a running total.</summary>
internal sealed class RateCounter
{
    private long _last;

    /// <summary>Returns how much the total has grown a second since the last call.</summary>
    /// <param name="total">The total now.</param>
    /// <param name="seconds">Seconds since the last call, greater than zero.</param>
    public double Next(long total, double seconds)
    {
        double rate = (total - _last) / seconds;
        _last = total;
        return rate;
    }
}
