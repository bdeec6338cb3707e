namespace NetLoop.Demo.Display;

/// <summary>A row of the table that shows how a command is doing.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Value">How it is.</param>
/// <param name="IsDetail">Whether it is left out where a terminal has too few lines for all of them.</param>
internal sealed record StatusRow(string Name, string Value, bool IsDetail = false);
