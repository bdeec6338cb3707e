namespace NetLoop;

/// <summary>What became of a send.</summary>
public enum SendStatus
{
    /// <summary>Accepted: it goes out with this iteration of the loop, behind everything sent before it.</summary>
    Sent,

    /// <summary>The session is not open, or not any more. Nothing was sent.</summary>
    Closed,

    /// <summary>The message is longer than a frame may be. Nothing was sent; the session goes on.</summary>
    TooLarge,

    /// <summary>
    /// The send queue or the buffer pool is at its limit. The session is closed as a slow consumer: the peer sees everything up to here and
    /// nothing after.
    /// </summary>
    Overflow,
}
