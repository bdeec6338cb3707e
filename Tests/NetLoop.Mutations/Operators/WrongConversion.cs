using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A number truncated to fewer bits, or with its highest bit taken for a sign.</summary>
internal sealed class WrongConversion : IMutator
{
    private static readonly Dictionary<Code, OpCode[]> Others = new()
    {
        [Code.Conv_U1] = [OpCodes.Conv_I1],
        [Code.Conv_I1] = [OpCodes.Conv_U1],
        [Code.Conv_U2] = [OpCodes.Conv_I2, OpCodes.Conv_U1],
        [Code.Conv_I2] = [OpCodes.Conv_U2, OpCodes.Conv_I1],
        [Code.Conv_U4] = [OpCodes.Conv_U2],
        [Code.Conv_I4] = [OpCodes.Conv_U2, OpCodes.Conv_I2],
        [Code.Conv_I8] = [OpCodes.Conv_U8],
        [Code.Conv_U8] = [OpCodes.Conv_I8],
        [Code.Conv_Ovf_I4] = [OpCodes.Conv_I4],
        [Code.Conv_Ovf_I4_Un] = [OpCodes.Conv_I4],
        [Code.Conv_Ovf_U4] = [OpCodes.Conv_U4],
    };

    public IEnumerable<Change> Find(MethodCode code) =>
        from instruction in code.Instructions
        where Others.ContainsKey(instruction.OpCode.Code) && instruction.Previous?.OpCode.Code is not (Code.Ldc_I4 or Code.Ldlen)
        from other in Others[instruction.OpCode.Code]
        select new Change(
            $"width:{other.Name["conv.".Length..]}", instruction, $"converts by {other} instead of {instruction.OpCode}", () => instruction.OpCode = other);
}
