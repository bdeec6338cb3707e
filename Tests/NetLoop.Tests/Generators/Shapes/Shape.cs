namespace NetLoop.Tests.Generators.Shapes;

/// <summary>One way to write a contract, and its result.</summary>
/// <param name="Name">The name of the test.</param>
/// <param name="Source">In its own namespace, unless it has one; NetMessage(#) gets an unused number.</param>
/// <param name="Sample">A value to send there and back, as code; null for a shape that is rejected.</param>
/// <param name="Wire">The bytes of the sample in hexadecimal; null if it is enough that the value comes back.</param>
/// <param name="Findings">The findings, in the order of the source; empty for a valid shape.</param>
public sealed record Shape(string Name, string Source, string? Sample, string? Wire, params string[] Findings)
{
    /// <summary>Correct errors of the compiler: the source is not valid C#.</summary>
    public string[] CompilerErrors { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
