namespace NetLoop.Demo.Relay;

/// <summary>The directions in which a relay spoils packets.</summary>
internal enum RelayDirection
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>From clients to the server.</summary>
    ToServer,

    /// <summary>From the server to clients.</summary>
    ToClient,
}
