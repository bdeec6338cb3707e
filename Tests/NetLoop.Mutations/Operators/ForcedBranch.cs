using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A condition, or part of one, that is always true or always false.</summary>
internal sealed class ForcedBranch : IMutator
{
    public IEnumerable<Change> Find(MethodCode code)
    {
        foreach (Instruction instruction in code.Instructions
            .Where(instruction => instruction.OpCode.FlowControl == FlowControl.Cond_Branch && instruction.OpCode.Code != Code.Switch))
        {
            bool isBackward = code.Instructions.IndexOf((Instruction)instruction.Operand) < code.Instructions.IndexOf(instruction);
            if (!isBackward)
            {
                yield return new(
                    "condition:always",
                    instruction,
                    $"always branches ({NegatedBranch.Condition(instruction)})",
                    () => Force(code.Processor, instruction, isTaken: true));
            }

            yield return new(
                "condition:never",
                instruction,
                $"never branches ({NegatedBranch.Condition(instruction)})",
                () => Force(code.Processor, instruction, isTaken: false));
        }
    }

    private static void Force(ILProcessor processor, Instruction branch, bool isTaken)
    {
        bool hasTwo = branch.OpCode.StackBehaviourPop == StackBehaviour.Pop1_pop1;
        var target = (Instruction)branch.Operand;
        branch.OpCode = OpCodes.Pop;
        branch.Operand = null;
        if (isTaken)
        {
            processor.InsertAfter(branch, processor.Create(OpCodes.Br, target));
        }

        if (hasTwo)
        {
            processor.InsertAfter(branch, processor.Create(OpCodes.Pop));
        }
    }
}
