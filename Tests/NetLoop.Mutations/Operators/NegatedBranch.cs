using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A branch taken in the wrong case.</summary>
internal sealed class NegatedBranch : IMutator
{
    private static readonly Dictionary<Code, OpCode> Opposites = new()
    {
        [Code.Brtrue] = OpCodes.Brfalse,
        [Code.Brfalse] = OpCodes.Brtrue,
        [Code.Beq] = OpCodes.Bne_Un,
        [Code.Bne_Un] = OpCodes.Beq,
        [Code.Blt] = OpCodes.Bge,
        [Code.Bge] = OpCodes.Blt,
        [Code.Bgt] = OpCodes.Ble,
        [Code.Ble] = OpCodes.Bgt,
        [Code.Blt_Un] = OpCodes.Bge_Un,
        [Code.Bge_Un] = OpCodes.Blt_Un,
        [Code.Bgt_Un] = OpCodes.Ble_Un,
        [Code.Ble_Un] = OpCodes.Bgt_Un,
    };

    public IEnumerable<Change> Find(MethodCode code) =>
        from instruction in code.Instructions
        where Opposites.ContainsKey(instruction.OpCode.Code)
        select new Change(
            "negation", instruction, $"branches the other way ({Condition(instruction)})", () => instruction.OpCode = Opposites[instruction.OpCode.Code]);

    /// <summary>Describes the condition of a branch.</summary>
    public static string Condition(Instruction branch) => branch.Previous?.Operand switch
    {
        Mono.Cecil.MethodReference method => Callees.NameOf(method),
        Mono.Cecil.FieldReference field => Callees.NameOf(field),
        { } constant when branch.Previous.OpCode.Code is Code.Ldc_I4 or Code.Ldc_I8 => $"{branch.OpCode} {constant}",
        _ => branch.OpCode.ToString(),
    };
}
