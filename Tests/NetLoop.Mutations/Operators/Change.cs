using Mono.Cecil.Cil;

namespace NetLoop.Mutations.Operators;

/// <summary>A possible change of one method.</summary>
/// <param name="Operator">Kind of mistake, with its variant after a colon.</param>
/// <param name="At">The instruction that changes.</param>
/// <param name="Words">What it does, as a sentence without a subject.</param>
/// <param name="Apply">Applies the change. A method can have only one change.</param>
internal sealed record Change(string Operator, Instruction At, string Words, Action Apply);
