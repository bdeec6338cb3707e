namespace NetLoop.Demo.Display;

/// <summary>The status of a running command.</summary>
/// <param name="Title">The heading of the table.</param>
/// <param name="Elapsed">Time since the command began.</param>
/// <param name="Parts">The parts, in order.</param>
internal sealed record StatusPage(string Title, TimeSpan Elapsed, params IReadOnlyList<StatusPart> Parts)
{
    /// <summary>The status as one line without its end, for pipes and logs.</summary>
    public string ToLine() => $"{Format.Clock(Elapsed)}  {string.Join("  |  ", Parts.Select(part => part.Line))}";
}
