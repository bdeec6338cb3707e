namespace NetLoop.Worlds.Guests;

/// <summary>What a guest uses.</summary>
internal enum GuestKind
{
    /// <summary>Contracts with members of every type, both ways.</summary>
    Codec,

    /// <summary>Numbers in every form that another library may choose.</summary>
    Forms,

    /// <summary>Listeners of raw protocols, with framers of all kinds.</summary>
    Foreign,

    /// <summary>WebSocket of text, origins, and upgrades that are refused.</summary>
    Web,

    /// <summary>Rate limits: who keeps them, and who does not.</summary>
    Rates,

    /// <summary>Groups: who joins, leaves and hears.</summary>
    Groups,

    /// <summary>Requests that are cancelled, too many, too large, or end in an error.</summary>
    Requests,

    /// <summary>Handlers that throw, under each policy.</summary>
    Faults,

    /// <summary>Who may come in: authenticators, fingerprints, versions, limits of addresses.</summary>
    Door,
}
