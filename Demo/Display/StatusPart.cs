namespace NetLoop.Demo.Display;

/// <summary>How one side of a running command is doing: the same facts as words on a line and as rows of a table.</summary>
/// <param name="Line">A few words.</param>
/// <param name="Rows">Rows, in order.</param>
internal sealed record StatusPart(string Line, IReadOnlyList<StatusRow> Rows);
