namespace NetLoop.Simulation;

/// <summary>The state of a simulated socket.</summary>
internal enum SocketState
{
    /// <summary>Waits for connections.</summary>
    Listening,

    /// <summary>A connection attempt is in progress.</summary>
    Connecting,

    /// <summary>Connected; each direction may have ended.</summary>
    Connected,

    /// <summary>The connection was reset or timed out; the socket is still open.</summary>
    Broken,

    /// <summary>A datagram socket, bound or connected.</summary>
    Datagram,
}
