namespace NetLoop.Generators.Model;

/// <summary>One type of a union.</summary>
/// <param name="Tag">The number that identifies the type on the wire.</param>
/// <param name="Type">How the value is written and read.</param>
internal sealed record UnionCaseModel(int Tag, TypeModel Type);
