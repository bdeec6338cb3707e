namespace NetLoop.Stack;

/// <summary>How to handle a <see cref="SocketStatus"/>.</summary>
internal enum FailureClass
{
    /// <summary>No failure.</summary>
    None,

    /// <summary>Try again: now (interrupted), on readiness (would block, in progress) or after a pause (no descriptors, no buffers).</summary>
    Transient,

    /// <summary>This connection is over; others are not affected.</summary>
    ConnectionLost,

    /// <summary>The configuration or the code is wrong; trying again cannot help.</summary>
    Fatal,
}
