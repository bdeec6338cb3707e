using Mono.Cecil;
using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A call that is left out; only calls whose result is not used.</summary>
internal sealed class LeftOutCall : IMutator
{
    public IEnumerable<Change> Find(MethodCode code) =>
        from instruction in code.Instructions
        where instruction.OpCode.Code is Code.Call or Code.Callvirt
        let callee = (MethodReference)instruction.Operand
        where !Callees.IsGuard(callee) && callee.Name != ".ctor"
        let isVoid = StackDepth.IsVoid(callee)
        where isVoid || (instruction.Next?.OpCode.Code == Code.Pop && !code.IsTarget(instruction.Next))
        select new Change("call", instruction, $"does not call {Callees.NameOf(callee)}", () => LeaveOut(code.Processor, instruction, isVoid));

    private static void LeaveOut(ILProcessor processor, Instruction call, bool isVoid)
    {
        if (!isVoid)
        {
            call.Next.OpCode = OpCodes.Nop;
        }

        Callees.Discard(processor, call);
    }
}
