namespace NetLoop.Demo.Page;

/// <summary>Splits a histogram that only grows into time windows.</summary>
internal sealed class LatencyWindow
{
    private readonly LatencyHistogram _stretch = new();
    private LatencyHistogram _before = new();
    private LatencyHistogram _now = new();

    /// <summary>Returns the values since the last call; valid until the next call.</summary>
    public LatencyHistogram Next(LatencyHistogram live)
    {
        _now.Reset();
        _now.Add(live);
        _stretch.Reset();
        _stretch.Add(_now);
        _stretch.Subtract(_before);
        (_before, _now) = (_now, _before);
        return _stretch;
    }
}
