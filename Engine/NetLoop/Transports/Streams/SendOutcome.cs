namespace NetLoop.Transports.Streams;

/// <summary>What a send came to.</summary>
internal enum SendOutcome
{
    /// <summary>Nothing waits any more.</summary>
    Emptied,

    /// <summary>The kernel took all that one call offers; more waits.</summary>
    Progressed,

    /// <summary>The kernel took less than it was offered: it says when it takes more.</summary>
    Blocked,

    /// <summary>The connection is broken.</summary>
    Failed,
}
