namespace NetLoop.Transports;

/// <summary>The states of a connection, in order; a connection only moves forward.</summary>
internal enum ConnectionState
{
    /// <summary>A dial is in progress.</summary>
    Connecting,

    /// <summary>Connected; a WebSocket's opening handshake is in progress.</summary>
    Opening,

    /// <summary>Bodies are sent and received.</summary>
    Open,

    /// <summary>The peer's input has ended and what still arrives is discarded. Bodies can still be sent, such as responses to earlier requests.</summary>
    Replying,

    /// <summary>The last body is queued; the queue is being sent, and what arrives is discarded.</summary>
    Draining,

    /// <summary>Everything is sent and the sending side is closed; input is discarded until the peer closes too.</summary>
    Lingering,

    /// <summary>Over; destroyed in the next Close phase.</summary>
    Dead,
}
