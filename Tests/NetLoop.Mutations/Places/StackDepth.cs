using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NetLoop.Mutations.Places;

/// <summary>Number of values on the evaluation stack before each instruction of a method; ECMA-335, III.1.3.</summary>
internal static class StackDepth
{
    /// <summary>The depth before each instruction; unreachable ones are left out.</summary>
    public static Dictionary<Instruction, int> Compute(MethodDefinition method)
    {
        Dictionary<Instruction, int> depths = [];
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            bool hasException = handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter;
            depths[handler.HandlerStart] = hasException ? 1 : 0;
            if (handler.FilterStart is { } filter)
            {
                depths[filter] = 1;
            }
        }

        int depth = 0;
        bool isReached = true;
        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (depths.TryGetValue(instruction, out int known))
            {
                depth = known;
                isReached = true;
            }
            else if (isReached)
            {
                depths[instruction] = depth;
            }

            depth = instruction.OpCode.StackBehaviourPop == StackBehaviour.PopAll ? 0 : depth - Pops(instruction, method) + Pushes(instruction);
            foreach (Instruction target in Targets(instruction))
            {
                depths.TryAdd(target, depth);
            }

            isReached &= instruction.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw);
        }

        return depths;
    }

    /// <summary>The instructions to which an instruction may jump.</summary>
    public static IEnumerable<Instruction> Targets(Instruction instruction) => instruction.Operand switch
    {
        Instruction target => [target],
        Instruction[] targets => targets,
        _ => [],
    };

    /// <summary>Number of values that a call takes from the stack, the object included.</summary>
    public static int Arguments(Instruction call)
    {
        var callee = (IMethodSignature)call.Operand;
        return callee.Parameters.Count + (callee.HasThis && call.OpCode.Code != Code.Newobj ? 1 : 0);
    }

    /// <summary>Whether a method returns nothing.</summary>
    public static bool IsVoid(IMethodSignature method) => method.ReturnType is { } type
        && (type is IModifierType modified ? modified.ElementType : type).MetadataType == MetadataType.Void;

    private static int Pops(Instruction instruction, MethodDefinition method) => instruction.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8 or StackBehaviour.Popi_popr4
            or StackBehaviour.Popi_popr8 or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
        StackBehaviour.Varpop when instruction.OpCode.Code == Code.Ret => IsVoid(method) ? 0 : 1,
        StackBehaviour.Varpop => Arguments(instruction) + (instruction.OpCode.Code == Code.Calli ? 1 : 0),
        _ => 3,
    };

    private static int Pushes(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        StackBehaviour.Varpush => IsVoid((IMethodSignature)instruction.Operand) ? 0 : 1,
        _ => 1,
    };
}
