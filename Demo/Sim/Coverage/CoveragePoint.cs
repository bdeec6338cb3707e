namespace NetLoop.Demo.Sim.Coverage;

/// <summary>A place in the engine's source for which the compiler created a sequence point: a statement, or a part of one.</summary>
/// <param name="File">The path in the engine's folder, with slashes: Sessions/Session.cs.</param>
/// <param name="Line">The line in which the sequence point begins.</param>
internal readonly record struct CoveragePoint(string File, int Line)
{
    /// <summary>The folder of the file; empty for the engine's own.</summary>
    public string Folder => File.LastIndexOf('/') is > 0 and var slash ? File[..slash] : "";
}
