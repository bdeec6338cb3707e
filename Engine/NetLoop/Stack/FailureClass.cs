namespace NetLoop.Stack;

/// <summary>What follows from a <see cref="SocketStatus"/>.</summary>
internal enum FailureClass
{
    /// <summary>No failure.</summary>
    None,

    /// <summary>Try again: now (interrupted), on readiness (would block, in progress) or after a pause (no descriptors, no buffers).</summary>
    Transient,

    /// <summary>This connection is over; the others are not concerned.</summary>
    ConnectionLost,

    /// <summary>Configuration or code is wrong; trying again cannot help.</summary>
    Fatal,
}
