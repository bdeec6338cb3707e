namespace NetLoop.Demo.Display;

/// <summary>How a running command is doing.</summary>
/// <param name="Title">The table's heading.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Parts">Its sides, in order.</param>
internal sealed record StatusPage(string Title, TimeSpan Elapsed, params IReadOnlyList<StatusPart> Parts)
{
    /// <summary>One line without its end, for pipes and logs.</summary>
    public string ToLine() => $"{Format.Clock(Elapsed)}  {string.Join("  |  ", Parts.Select(part => part.Line))}";
}
