namespace NetLoop.Demo.Page;

/// <summary>The kind of an event.</summary>
internal enum HappeningKind
{
    /// <summary>A person changed a control.</summary>
    Control,

    /// <summary>Sessions were closed; the text has the reason.</summary>
    Closed,

    /// <summary>A tick was late; the text has the cause.</summary>
    Late,

    /// <summary>Another warning of the engine.</summary>
    Warning,

    /// <summary>Honest bots lost messages, or received wrong ones.</summary>
    Lost,
}
