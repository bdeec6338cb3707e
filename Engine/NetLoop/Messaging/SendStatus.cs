namespace NetLoop;

/// <summary>The result of a send.</summary>
public enum SendStatus
{
    /// <summary>Accepted: it is sent by the end of the iteration of the loop, after all earlier sends.</summary>
    Sent,

    /// <summary>The session is not open yet, or is closed. Nothing was sent.</summary>
    Closed,

    /// <summary>The message is longer than a frame may be. Nothing was sent; the session stays open.</summary>
    TooLarge,

    /// <summary>
    /// The send queue or the buffer pool is at its limit. The session is closed as a slow consumer: the peer receives everything sent before this message and
    /// nothing after it.
    /// </summary>
    Overflow,

    /// <summary>
    /// The message was dropped because the peer is behind: it was <see cref="Delivery.Unreliable"/>, or too many <see cref="Delivery.Sequenced"/> messages
    /// with other keys wait. The session stays open.
    /// </summary>
    Dropped,
}
