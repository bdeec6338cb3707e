namespace NetLoop.Sessions;

/// <summary>What the handlers' side made of a payload.</summary>
internal enum DispatchVerdict
{
    /// <summary>Decoded, and in the inbox.</summary>
    Accepted,

    /// <summary>Its handler has no room; the body stays unread for now.</summary>
    Busy,

    /// <summary>Nobody handles this type.</summary>
    Unknown,

    /// <summary>The payload does not fit the contract.</summary>
    Malformed,
}
