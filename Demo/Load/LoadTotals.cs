namespace NetLoop.Demo.Load;

/// <summary>What a load has measured so far. Written by the generator's thread; others see recent values.</summary>
internal sealed class LoadTotals
{
    private long _messages;
    private long _heldBack;

    /// <summary>Connections that are there.</summary>
    public int Connected { get; set; }

    /// <summary>Connections that ended before the load did.</summary>
    public int Lost { get; set; }

    /// <summary>Receives whose bytes were not those sent.</summary>
    public long Wrong { get; set; }

    /// <summary>What went wrong first; null while nothing did.</summary>
    public string? FirstFault { get; set; }

    /// <summary>Round trips; forgotten when the warm-up is over.</summary>
    public LatencyHistogram RoundTrip { get; } = new();

    /// <summary>Messages that came back, from the beginning.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Messages that were due and not sent, because too many of their connection were outstanding already; from the beginning.</summary>
    public long HeldBack => Volatile.Read(ref _heldBack);

    public void CountMessages(long count) => _messages += count;

    public void CountHeldBack() => _heldBack++;
}
