using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>Minus instead of plus, "or" instead of "and", the opposite shift, a forgotten complement or sign.</summary>
internal sealed class WrongArithmetic : IMutator
{
    private static readonly Dictionary<Code, OpCode> Others = new()
    {
        [Code.Add] = OpCodes.Sub,
        [Code.Add_Ovf] = OpCodes.Sub,
        [Code.Sub] = OpCodes.Add,
        [Code.Sub_Ovf] = OpCodes.Add,
        [Code.Mul] = OpCodes.Add,
        [Code.Div] = OpCodes.Rem,
        [Code.Div_Un] = OpCodes.Rem_Un,
        [Code.Rem] = OpCodes.Div,
        [Code.Rem_Un] = OpCodes.Div_Un,
        [Code.And] = OpCodes.Or,
        [Code.Or] = OpCodes.And,
        [Code.Xor] = OpCodes.Or,
        [Code.Shl] = OpCodes.Shr_Un,
        [Code.Shr] = OpCodes.Shl,
        [Code.Shr_Un] = OpCodes.Shl,
        [Code.Neg] = OpCodes.Nop,
        [Code.Not] = OpCodes.Nop,
    };

    // The operands of a mul have the same type but those of a shift do not, so there are only these few pairs.
    public IEnumerable<Change> Find(MethodCode code) =>
        from instruction in code.Instructions
        where Others.ContainsKey(instruction.OpCode.Code)
        let other = Others[instruction.OpCode.Code]
        select new Change(
            "arithmetic",
            instruction,
            other == OpCodes.Nop ? $"leaves {instruction.OpCode} out" : $"{other} instead of {instruction.OpCode}",
            () => instruction.OpCode = other);
}
