namespace NetLoop.Generators.Model;

/// <summary>One type of a union.</summary>
/// <param name="Tag">What stands for it on the wire.</param>
/// <param name="Type">How it is written and read.</param>
internal sealed record UnionCaseModel(int Tag, TypeModel Type);
