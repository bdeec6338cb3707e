namespace NetLoop.Simulation;

/// <summary>The file at one path.</summary>
internal sealed class SimulatedFile(FileKind kind)
{
    public FileKind Kind { get; } = kind;

    /// <summary>The socket that listens there; null if there is none.</summary>
    public SimulatedSocket? Listener { get; set; }

    /// <summary>Whether the current process created it.</summary>
    public bool IsOurs { get; set; }

    /// <summary>Whether it cannot be written to; in a directory, no files can be created or removed.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Whether it cannot be accessed at all.</summary>
    public bool IsForbidden { get; set; }
}
