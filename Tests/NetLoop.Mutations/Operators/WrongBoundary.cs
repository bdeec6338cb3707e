using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>"Less than or equal" instead of "less than", and so on.</summary>
internal sealed class WrongBoundary : IMutator
{
    private static readonly Dictionary<Code, OpCode> Branches = new()
    {
        [Code.Blt] = OpCodes.Ble,
        [Code.Ble] = OpCodes.Blt,
        [Code.Bgt] = OpCodes.Bge,
        [Code.Bge] = OpCodes.Bgt,
        [Code.Blt_Un] = OpCodes.Ble_Un,
        [Code.Ble_Un] = OpCodes.Blt_Un,
        [Code.Bgt_Un] = OpCodes.Bge_Un,
        [Code.Bge_Un] = OpCodes.Bgt_Un,
    };

    // The complement of "greater than" is "less than or equal".
    private static readonly Dictionary<Code, OpCode> Opposites = new()
    {
        [Code.Clt] = OpCodes.Cgt,
        [Code.Cgt] = OpCodes.Clt,
        [Code.Clt_Un] = OpCodes.Cgt_Un,
        [Code.Cgt_Un] = OpCodes.Clt_Un,
    };

    public IEnumerable<Change> Find(MethodCode code)
    {
        foreach (Instruction instruction in code.Instructions)
        {
            // "x != null" and "x != 0" compile to cgt.un.
            bool isInequality = instruction.OpCode.Code == Code.Cgt_Un
                && instruction.Previous is { } before
                && (before.OpCode.Code == Code.Ldnull || before.Operand is 0);
            if (Branches.TryGetValue(instruction.OpCode.Code, out OpCode branch))
            {
                yield return new("boundary", instruction, $"compares by {branch} instead of {instruction.OpCode}", () => instruction.OpCode = branch);
            }
            else if (!isInequality && Opposites.TryGetValue(instruction.OpCode.Code, out OpCode opposite))
            {
                yield return new("boundary", instruction, "takes equal values for the other side of a comparison", () => Move(code, instruction, opposite));
            }
        }
    }

    private static void Move(MethodCode code, Instruction comparison, OpCode opposite)
    {
        comparison.OpCode = opposite;
        if (comparison.Next is { Operand: 0 } zero && zero.Next?.OpCode.Code == Code.Ceq && !code.IsTarget(zero))
        {
            zero.Next.OpCode = OpCodes.Nop;
            zero.OpCode = OpCodes.Nop;
            zero.Operand = null;
            return;
        }

        Instruction last = code.Processor.Create(OpCodes.Ceq);
        code.Processor.InsertAfter(comparison, last);
        code.Processor.InsertBefore(last, code.Processor.Create(OpCodes.Ldc_I4_0));
    }
}
