namespace NetLoop.Demo.Sim.Coverage;

/// <summary>One place of the engine's source that the compiler made a sequence point of: a statement, or a part of one.</summary>
/// <param name="File">Below the engine's folder, with slashes: Sessions/Session.cs.</param>
/// <param name="Line">In which it begins.</param>
internal readonly record struct CoveragePoint(string File, int Line)
{
    /// <summary>Its folder; empty for the engine's own.</summary>
    public string Folder => File.LastIndexOf('/') is > 0 and var slash ? File[..slash] : "";
}
