namespace NetLoop.Demo.Page;

/// <summary>What kind of thing happened.</summary>
internal enum HappeningKind
{
    /// <summary>Somebody changed a control.</summary>
    Control,

    /// <summary>A session was closed, with its reason.</summary>
    Closed,

    /// <summary>A tick was late, with its culprit.</summary>
    Late,

    /// <summary>Another warning of the engine.</summary>
    Warning,
}
