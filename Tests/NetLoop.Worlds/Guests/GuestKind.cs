namespace NetLoop.Worlds.Guests;

/// <summary>The part of the engine that a guest uses.</summary>
internal enum GuestKind
{
    /// <summary>Contracts with members of every type, both ways.</summary>
    Codec,

    /// <summary>Numbers in every encoding that another library may choose.</summary>
    Forms,

    /// <summary>Listeners of raw protocols, with framers of all kinds.</summary>
    Foreign,

    /// <summary>WebSocket with text, origins, and upgrades that are rejected.</summary>
    Web,

    /// <summary>Rate limits: sessions that keep them and sessions that exceed them.</summary>
    Rates,

    /// <summary>Groups: joins, leaves and broadcasts.</summary>
    Groups,

    /// <summary>Requests that are cancelled, too many, too large, or end in an error.</summary>
    Requests,

    /// <summary>Handlers that throw, under each policy.</summary>
    Faults,

    /// <summary>Admission: authenticators, fingerprints, versions, limits of addresses.</summary>
    Door,
}
