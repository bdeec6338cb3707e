namespace NetLoop.Simulation;

/// <summary>What a path of a simulated host leads to.</summary>
internal enum FileKind
{
    /// <summary>Nothing, where there was something.</summary>
    Missing,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A Unix socket's file, whether or not somebody listens.</summary>
    Socket,
}
