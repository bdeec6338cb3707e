namespace NetLoop.Diagnostics;

/// <summary>Lets one line every five seconds through, so that an incident does not become a log storm. One field a log site.</summary>
/// <remarks>Thread: that of the site.</remarks>
internal struct LogLimiter
{
    private const long PauseNs = 5_000_000_000;

    private long _quietUntilNs;
    private long _suppressed;

    /// <summary>Asks whether a line may be written now.</summary>
    /// <param name="nowNs">The time of the loop clock, 0 or later.</param>
    /// <param name="suppressed">Lines refused since the last one written, to be reported with this one.</param>
    public bool TryEnter(long nowNs, out long suppressed)
    {
        if (nowNs < _quietUntilNs)
        {
            _suppressed++;
            suppressed = 0;
            return false;
        }

        suppressed = _suppressed;
        _suppressed = 0;
        _quietUntilNs = nowNs + PauseNs;
        return true;
    }
}
