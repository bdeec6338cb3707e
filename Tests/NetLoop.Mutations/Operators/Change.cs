using Mono.Cecil.Cil;

namespace NetLoop.Mutations.Operators;

/// <summary>A change of one method that can be made.</summary>
/// <param name="Operator">Kind of mistake, and its variant behind a colon.</param>
/// <param name="At">Instruction at which it is.</param>
/// <param name="Words">What it does, as a sentence without subject.</param>
/// <param name="Apply">Makes it. Only one change of a method can be made.</param>
internal sealed record Change(string Operator, Instruction At, string Words, Action Apply);
