namespace NetLoop.Demo.Bots;

/// <summary>The totals of all bots on one loop.</summary>
/// <remarks>Thread: written by the loop. Other threads read correct values, which may not belong to the same instant.</remarks>
internal sealed class BotTotals
{
    /// <summary>Messages sent.</summary>
    public long Sent { get; set; }

    /// <summary>Messages received.</summary>
    public long Received { get; set; }

    /// <summary>Messages that must still be echoed or acknowledged: all of them on streams, and those that are sent reliably on UDP.</summary>
    public long Outstanding { get; set; }

    /// <summary>Reliable messages that never arrived.</summary>
    public long Missing { get; set; }

    /// <summary>Snapshots that never arrived, because a network lost them or a newer one replaced them. They are sent for that: none is missed.</summary>
    public long Skipped { get; set; }

    /// <summary>Messages with unexpected contents.</summary>
    public long Wrong { get; set; }

    /// <summary>Sessions that ended before their bot left, or that never began.</summary>
    public long Disconnected { get; set; }

    /// <summary>Describes the first fault; null if there was none.</summary>
    public string? FirstFault { get; set; }

    /// <summary>Time from sending a move to receiving its echo.</summary>
    public LatencyHistogram RoundTrip { get; } = new();

    /// <summary>The same of the bots on TCP, WebSocket and Unix sockets.</summary>
    public LatencyHistogram StreamRoundTrip { get; } = new();

    /// <summary>The same of the bots on UDP.</summary>
    public LatencyHistogram UdpRoundTrip { get; } = new();

    /// <summary>Time from sending a direction to the snapshot that acknowledges it: a round trip and the wait for the tick.</summary>
    public LatencyHistogram Reaction { get; } = new();

    /// <summary>Counts a session that ended too early, or never began. Thread: loop.</summary>
    public void Disconnect(string why)
    {
        Disconnected++;
        FirstFault ??= why;
    }
}
