namespace NetLoop.Tests.Generators.Shapes;

/// <summary>One way to write a contract, and what comes of it.</summary>
/// <param name="Name">Of the test.</param>
/// <param name="Source">In a namespace of its own, unless it has one; NetMessage(#) gets a number of its own.</param>
/// <param name="Sample">A value to send there and back, as code; null for a shape that is only refused.</param>
/// <param name="Wire">The bytes of the sample in hexadecimal; null when it is enough that they come back.</param>
/// <param name="Findings">What is reported, in the order of the source; empty for a shape that works.</param>
public sealed record Shape(string Name, string Source, string? Sample, string? Wire, params string[] Findings)
{
    /// <summary>Errors of the compiler that are right: the source is no C#.</summary>
    public string[] CompilerErrors { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
