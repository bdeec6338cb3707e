namespace NetLoop.Transports.Streams;

/// <summary>The result of a send.</summary>
internal enum SendOutcome
{
    /// <summary>The queue is empty.</summary>
    Emptied,

    /// <summary>The kernel took everything that one call offers; more is queued.</summary>
    Progressed,

    /// <summary>The kernel took less than it was offered; the poller reports when it takes more.</summary>
    Blocked,

    /// <summary>The connection is broken.</summary>
    Failed,
}
