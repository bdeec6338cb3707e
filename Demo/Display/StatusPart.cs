namespace NetLoop.Demo.Display;

/// <summary>The status of one side of a running command: the same facts as a line of text and as rows of a table.</summary>
/// <param name="Line">The line of text.</param>
/// <param name="Rows">The rows, in order.</param>
internal sealed record StatusPart(string Line, IReadOnlyList<StatusRow> Rows);
