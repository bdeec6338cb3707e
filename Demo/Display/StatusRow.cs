namespace NetLoop.Demo.Display;

/// <summary>A row of the status table.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Value">The current value.</param>
/// <param name="IsDetail">Whether the row is left out when the terminal has too few lines.</param>
internal sealed record StatusRow(string Name, string Value, bool IsDetail = false);
