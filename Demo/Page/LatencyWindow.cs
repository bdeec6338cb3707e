namespace NetLoop.Demo.Page;

/// <summary>Cuts a histogram that only grows into stretches of time.</summary>
internal sealed class LatencyWindow
{
    private readonly LatencyHistogram _stretch = new();
    private LatencyHistogram _before = new();
    private LatencyHistogram _now = new();

    /// <summary>What was recorded since the last call; good until the next.</summary>
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
