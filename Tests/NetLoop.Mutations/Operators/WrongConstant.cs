using System.Globalization;
using Mono.Cecil;
using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>One too many or too few, twice or half of a large number, the opposite flag; a count that does not advance, or advances by two.</summary>
internal sealed class WrongConstant : IMutator
{
    private const long Large = 1_000;

    public IEnumerable<Change> Find(MethodCode code)
    {
        foreach (Instruction instruction in code.Instructions)
        {
            if (instruction.OpCode.Code is not (Code.Ldc_I4 or Code.Ldc_I8))
            {
                continue;
            }

            long value = Convert.ToInt64(instruction.Operand, CultureInfo.InvariantCulture);
            if (IsNegation(instruction) || IsSizeOfText(instruction))
            {
                continue;
            }

            if (value is 0 or 1 && IsFlag(code, instruction))
            {
                yield return Set(instruction, "flag", value == 1 ? "false instead of true" : "true instead of false", 1 - value);
            }
            else if (value == 1 && IsCounted(instruction))
            {
                yield return Set(instruction, "count:lost", "does not count", 0);
                yield return Set(instruction, "count:twice", "counts by two", 2);
            }
            else if ((value is >= Large or <= -Large) && value % 10 == 0)
            {
                yield return Set(instruction, "constant:half", $"{value / 2} instead of {value}", value / 2);
                yield return Set(
                    instruction,
                    "constant:double",
                    $"{value * 2} instead of {value}",
                    instruction.OpCode.Code == Code.Ldc_I8 ? value * 2 : (int)Math.Clamp(value * 2, int.MinValue, int.MaxValue));
            }
            else
            {
                yield return Set(instruction, "constant+1", $"{value + 1} instead of {value}", value + 1);
                yield return Set(instruction, "constant-1", $"{value - 1} instead of {value}", value - 1);
            }
        }
    }

    private static Change Set(Instruction instruction, string kind, string words, long value) =>
        new(kind, instruction, words, () => instruction.Operand = instruction.OpCode.Code == Code.Ldc_I8 ? (object)value : unchecked((int)value));

    // "ldc.i4.0; ceq" after a comparison or a flag means "not", which has its own operator.
    private static bool IsNegation(Instruction instruction) => instruction.Operand is 0 && instruction.Next?.OpCode.Code is Code.Ceq or Code.Cgt_Un;

    // The initial capacity of an interpolated string changes nothing.
    private static bool IsSizeOfText(Instruction instruction) => new[] { instruction.Next, instruction.Next?.Next }.Any(next =>
        next?.Operand is MethodReference { Name: ".ctor", DeclaringType.Name: "DefaultInterpolatedStringHandler" });

    private static bool IsCounted(Instruction instruction)
    {
        Instruction? next = instruction.Next?.OpCode.Code is Code.Conv_I8 or Code.Conv_U8 ? instruction.Next.Next : instruction.Next;
        return next?.OpCode.Code is Code.Add or Code.Sub;
    }

    private static bool IsFlag(MethodCode code, Instruction instruction)
    {
        TypeReference? type = instruction.Next switch
        {
            { OpCode.Code: Code.Ret } => code.Method.ReturnType,
            { OpCode.Code: Code.Stfld or Code.Stsfld, Operand: FieldReference field } => field.FieldType,
            { OpCode.Code: Code.Stloc, Operand: VariableDefinition variable } => variable.VariableType,
            { Operand: MethodReference { Parameters.Count: > 0 } method } => method.Parameters[^1].ParameterType,
            _ => null,
        };
        return type?.MetadataType == MetadataType.Boolean || instruction.Next?.OpCode.Code == Code.Br;
    }
}
