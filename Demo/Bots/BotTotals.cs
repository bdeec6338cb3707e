namespace NetLoop.Demo.Bots;

/// <summary>What all bots of one loop have done together.</summary>
/// <remarks>Thread: written by the loop; other threads read numbers that are each right and may not belong to the same instant.</remarks>
internal sealed class BotTotals
{
    /// <summary>Messages sent.</summary>
    public long Sent { get; set; }

    /// <summary>Messages received.</summary>
    public long Received { get; set; }

    /// <summary>Messages sent whose answer or acknowledgement has not come yet.</summary>
    public long Outstanding { get; set; }

    /// <summary>Snapshots that never came.</summary>
    public long Missing { get; set; }

    /// <summary>Messages that were not what they had to be.</summary>
    public long Wrong { get; set; }

    /// <summary>Sessions that ended before their bot did, or never began.</summary>
    public long Disconnected { get; set; }

    /// <summary>The first thing that went wrong, in words.</summary>
    public string? FirstFault { get; set; }

    /// <summary>From sending a move until it was back.</summary>
    public LatencyHistogram RoundTrip { get; } = new();

    /// <summary>From sending a direction until a snapshot acknowledged it: a round trip and the wait for the tick.</summary>
    public LatencyHistogram Reaction { get; } = new();

    /// <summary>Counts a session that ended too early, or never began. Thread: loop.</summary>
    public void Disconnect(string why)
    {
        Disconnected++;
        FirstFault ??= why;
    }
}
