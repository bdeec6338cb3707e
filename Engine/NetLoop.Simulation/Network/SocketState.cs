namespace NetLoop.Simulation;

/// <summary>Where a simulated socket is in its life.</summary>
internal enum SocketState
{
    /// <summary>Waits for connections.</summary>
    Listening,

    /// <summary>Its connection attempt is under way.</summary>
    Connecting,

    /// <summary>Connected; each direction may have ended.</summary>
    Connected,

    /// <summary>The connection is gone, reset or timed out; the socket is still open.</summary>
    Broken,
}
