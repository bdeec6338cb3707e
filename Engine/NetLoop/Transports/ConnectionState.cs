namespace NetLoop.Transports;

/// <summary>The life of a connection, in order; a connection only moves down this list.</summary>
internal enum ConnectionState
{
    /// <summary>A dial is in progress.</summary>
    Connecting,

    /// <summary>Connected; a WebSocket's opening handshake is in progress.</summary>
    Opening,

    /// <summary>Bodies go both ways.</summary>
    Open,

    /// <summary>The peer's input is over: what still arrives is discarded, and bodies go out only, such as responses to what came before.</summary>
    Replying,

    /// <summary>The last body is queued; what is left is sent, what arrives is discarded.</summary>
    Draining,

    /// <summary>All is sent and the sending side is closed; input is discarded until the peer closes too.</summary>
    Lingering,

    /// <summary>Over; destroyed in the next Close phase.</summary>
    Dead,
}
