using Mono.Cecil;
using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A method that returns before one of its statements.</summary>
internal sealed class EarlyReturn : IMutator
{
    public IEnumerable<Change> Find(MethodCode code)
    {
        bool isVoid = StackDepth.IsVoid(code.Method);
        if (code.Method.IsConstructor || (!isVoid && code.Method.ReturnType.MetadataType is not (MetadataType.Boolean or MetadataType.Int32)))
        {
            yield break;
        }

        foreach (Statement statement in code.Statements.Skip(1))
        {
            bool isEnd = statement.Instructions.Any(instruction => instruction.OpCode.Code is Code.Throw or Code.Leave)
                || statement.First.OpCode.Code is Code.Ret or Code.Br;
            bool isSame = statement.First.Operand is 0 && statement.Last.OpCode.Code == Code.Ret;
            if (!isEnd && !isSame && !code.IsProtected(statement.First))
            {
                yield return new("end", statement.First, "returns before this statement", () => Insert(code, statement.First, isVoid));
            }
        }
    }

    private static void Insert(MethodCode code, Instruction first, bool isVoid)
    {
        Instruction moved = Instruction.Create(OpCodes.Nop);
        moved.OpCode = first.OpCode;
        moved.Operand = first.Operand;
        code.Processor.InsertAfter(first, moved);
        first.OpCode = isVoid ? OpCodes.Ret : OpCodes.Ldc_I4_0;
        first.Operand = null;
        if (!isVoid)
        {
            code.Processor.InsertAfter(first, code.Processor.Create(OpCodes.Ret));
        }
    }
}
