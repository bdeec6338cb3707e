using Mono.Cecil;
using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A call that is replaced by true, false or zero; and the larger of two numbers instead of the smaller.</summary>
internal sealed class WrongAnswer : IMutator
{
    public IEnumerable<Change> Find(MethodCode code)
    {
        foreach (Instruction call in code.Instructions.Where(instruction => instruction.OpCode.Code is Code.Call or Code.Callvirt))
        {
            var callee = (MethodReference)call.Operand;
            bool isPopped = call.Next?.OpCode.Code == Code.Pop;
            if (callee.DeclaringType.FullName == "System.Math" && callee.Name is "Min" or "Max")
            {
                string other = callee.Name == "Min" ? "Max" : "Min";
                yield return new("extreme", call, $"takes Math.{other} instead of Math.{callee.Name}", () => call.Operand = Renamed(callee, other));
            }
            else if (!isPopped && callee.ReturnType.MetadataType == MetadataType.Boolean)
            {
                yield return Replace(code, call, callee, "false", OpCodes.Ldc_I4_0);
                yield return Replace(code, call, callee, "true", OpCodes.Ldc_I4_1);
            }
            else if (!isPopped && callee.ReturnType.MetadataType is MetadataType.Int32 && callee.DeclaringType.Scope == code.Method.Module)
            {
                yield return Replace(code, call, callee, "0", OpCodes.Ldc_I4_0);
            }
        }
    }

    private static Change Replace(MethodCode code, Instruction call, MethodReference callee, string answer, OpCode constant) =>
        new($"answer:{answer}", call, $"takes {answer} for the answer of {Callees.NameOf(callee)}", () =>
        {
            Instruction last = Callees.Discard(code.Processor, call);
            code.Processor.InsertAfter(last, code.Processor.Create(constant));
        });

    private static MethodReference Renamed(MethodReference callee, string name)
    {
        MethodReference other = new(name, callee.ReturnType, callee.DeclaringType);
        foreach (ParameterDefinition parameter in callee.Parameters)
        {
            other.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
        }

        return other;
    }
}
