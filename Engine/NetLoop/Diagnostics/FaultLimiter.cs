namespace NetLoop.Diagnostics;

/// <summary>
/// Counts the exceptions of application code at one place, and limits the log lines about them, because a peer that causes one fault can cause many.
/// </summary>
/// <remarks>Thread: any. Takes no lock.</remarks>
internal struct FaultLimiter
{
    private LogLimiter _lines;

    /// <summary>Counts a fault.</summary>
    /// <param name="faults">The counter of all faults.</param>
    /// <param name="nowNs">The time of the loop clock.</param>
    /// <param name="suppressed">Number of faults at this place since the last logged one.</param>
    /// <returns>Whether to log this fault.</returns>
    public bool TryEnter(ref long faults, long nowNs, out long suppressed)
    {
        Interlocked.Increment(ref faults);
        return _lines.TryEnter(nowNs, out suppressed);
    }
}
