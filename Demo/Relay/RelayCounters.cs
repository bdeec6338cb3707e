namespace NetLoop.Demo.Relay;

/// <summary>The datagrams of one direction.</summary>
/// <remarks>Thread: written by the relay's loop. Other threads read correct values, which may not belong to the same instant.</remarks>
internal sealed class RelayCounters
{
    /// <summary>Datagrams that came.</summary>
    public long Received { get; set; }

    /// <summary>Datagrams that were passed on, copies included.</summary>
    public long Forwarded { get; set; }

    /// <summary>Datagrams that were lost, as the conditions say.</summary>
    public long Lost { get; set; }

    /// <summary>Datagrams that were sent twice.</summary>
    public long Duplicated { get; set; }

    /// <summary>Datagrams that were held back.</summary>
    public long Reordered { get; set; }

    /// <summary>Datagrams that were dropped because the queue of a limited link was full.</summary>
    public long Overflowed { get; set; }

    /// <summary>Datagrams that the relay could not handle: its memory was full, or the kernel did not take them. It should be 0.</summary>
    public long Failed { get; set; }
}
