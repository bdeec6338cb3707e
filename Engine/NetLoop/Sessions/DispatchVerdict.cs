namespace NetLoop.Sessions;

/// <summary>The result of dispatching a payload.</summary>
internal enum DispatchVerdict
{
    /// <summary>Decoded and added to the inbox.</summary>
    Accepted,

    /// <summary>The handler has no room; the body stays unread for now.</summary>
    Busy,

    /// <summary>There is no handler for this type.</summary>
    Unknown,

    /// <summary>The payload does not fit the contract.</summary>
    Malformed,
}
