namespace NetLoop.Demo.Page;

/// <summary>What kind of thing happened.</summary>
internal enum HappeningKind
{
    /// <summary>Somebody changed a control.</summary>
    Control,

    /// <summary>Sessions were closed, with their reason.</summary>
    Closed,

    /// <summary>A tick was late, with its culprit.</summary>
    Late,

    /// <summary>Another warning of the engine.</summary>
    Warning,

    /// <summary>Honest bots lost messages, or got wrong ones.</summary>
    Lost,
}
