namespace NetLoop.Demo.Load;

/// <summary>The measurements of a load test so far. Written by the generator's thread; other threads see recent values.</summary>
internal sealed class LoadTotals
{
    private long _messages;
    private long _heldBack;

    /// <summary>Connections that are open.</summary>
    public int Connected { get; set; }

    /// <summary>Connections that ended before the load test did.</summary>
    public int Lost { get; set; }

    /// <summary>Receives whose bytes differed from those sent.</summary>
    public long Wrong { get; set; }

    /// <summary>Describes the first fault; null if there was none.</summary>
    public string? FirstFault { get; set; }

    /// <summary>Round trips; cleared at the end of the warm-up.</summary>
    public LatencyHistogram RoundTrip { get; } = new();

    /// <summary>Messages that came back since the beginning.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Messages that were due and not sent since the beginning, because too many messages of their connection were in flight.</summary>
    public long HeldBack => Volatile.Read(ref _heldBack);

    public void CountMessages(long count) => _messages += count;

    public void CountHeldBack() => _heldBack++;
}
