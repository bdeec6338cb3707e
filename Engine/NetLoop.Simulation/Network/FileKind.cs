namespace NetLoop.Simulation;

/// <summary>The kind of file at a path of a simulated host.</summary>
internal enum FileKind
{
    /// <summary>No file exists at the path, or it was removed.</summary>
    Missing,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>The file of a Unix socket, whether or not a process listens.</summary>
    Socket,
}
