using Mono.Cecil;
using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>Another result: the opposite flag, or the default value.</summary>
internal sealed class WrongReturn : IMutator
{
    public IEnumerable<Change> Find(MethodCode code)
    {
        TypeReference type = code.Method.ReturnType;
        bool isFlag = type.MetadataType == MetadataType.Boolean;
        if (StackDepth.IsVoid(code.Method) || Callees.Default(type) is null)
        {
            yield break;
        }

        foreach (Instruction end in code.Instructions.Where(instruction => instruction.OpCode.Code == Code.Ret && instruction.Previous is not null))
        {
            // The operator for constants changes returned constants.
            bool isDefault = end.Previous.OpCode.Code == Code.Ldnull || end.Previous.OpCode.Code is Code.Ldc_I4 or Code.Ldc_I8;
            if (!isDefault)
            {
                yield return isFlag
                    ? new("return:inverted", end, "returns the opposite", () => Replace(code, end, OpCodes.Ceq, Instruction.Create(OpCodes.Ldc_I4_0)))
                    : new("return:default", end, "returns the default value", () => Replace(code, end, null, Callees.Default(type)!));
            }
        }
    }

    private static void Replace(MethodCode code, Instruction end, OpCode? second, Instruction value)
    {
        // In place of the return instruction, because branches may lead to it.
        end.OpCode = second is null ? OpCodes.Pop : OpCodes.Nop;
        code.Processor.InsertAfter(end, code.Processor.Create(OpCodes.Ret));
        if (second is { } operation)
        {
            code.Processor.InsertAfter(end, code.Processor.Create(operation));
        }

        code.Processor.InsertAfter(end, value);
    }
}
