namespace NetLoop.Simulation;

/// <summary>What is at one path.</summary>
internal sealed class SimulatedFile(FileKind kind)
{
    public FileKind Kind { get; } = kind;

    /// <summary>Who listens there; null when nobody does.</summary>
    public SimulatedSocket? Listener { get; set; }

    /// <summary>Whether the process that runs now has made it.</summary>
    public bool IsOurs { get; set; }

    /// <summary>Whether nobody may write to it; if it is a directory, make or remove files in it.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Whether nobody may use it at all.</summary>
    public bool IsForbidden { get; set; }
}
