namespace NetLoop.Demo.Load;

/// <summary>State of a connection of a load test.</summary>
internal enum LoadConnectionState
{
    /// <summary>Not tried yet.</summary>
    New,

    /// <summary>Connecting.</summary>
    Connecting,

    /// <summary>Connected; the TLS handshake is in progress.</summary>
    Opening,

    /// <summary>Carries messages.</summary>
    Connected,

    /// <summary>Ended before the load test did.</summary>
    Lost,
}
