namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The states of a client.</summary>
internal enum NetcodeClientState
{
    /// <summary>It repeats its request until it gets a challenge.</summary>
    Requesting,

    /// <summary>It repeats its response until it gets a keep-alive.</summary>
    Responding,

    /// <summary>Payloads go both ways.</summary>
    Connected,

    /// <summary>The server has no room for it.</summary>
    Denied,

    /// <summary>The server has ended the connection.</summary>
    Disconnected,
}
