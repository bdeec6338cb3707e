namespace NetLoop.Demo.Display;

/// <summary>Turns a running total into a rate.</summary>
internal sealed class RateCounter
{
    private long _last;

    /// <summary>How much the total grew in a second since the last call.</summary>
    /// <param name="total">The total now.</param>
    /// <param name="seconds">Seconds since the last call, above zero.</param>
    public double Next(long total, double seconds)
    {
        double rate = (total - _last) / seconds;
        _last = total;
        return rate;
    }
}
