using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NetLoop.Mutations.Nets;

/// <summary>Copies a method's code, with its source lines, into another method of the same type and signature.</summary>
internal sealed class BodyCopy(MethodDefinition from, MethodDefinition to)
{
    private readonly Dictionary<Instruction, Instruction> _instructions = [];
    private readonly Dictionary<VariableDefinition, VariableDefinition> _variables = [];

    public void Make()
    {
        to.Body.InitLocals = from.Body.InitLocals;
        to.Body.MaxStackSize = from.Body.MaxStackSize;
        foreach (VariableDefinition variable in from.Body.Variables)
        {
            VariableDefinition copy = new(variable.VariableType);
            to.Body.Variables.Add(copy);
            _variables.Add(variable, copy);
        }

        foreach (Instruction instruction in from.Body.Instructions)
        {
            Instruction copy = Instruction.Create(OpCodes.Nop);
            copy.OpCode = instruction.OpCode;
            copy.Offset = instruction.Offset;
            to.Body.Instructions.Add(copy);
            _instructions.Add(instruction, copy);
        }

        foreach ((Instruction instruction, Instruction copy) in _instructions)
        {
            copy.Operand = Operand(instruction.Operand);
        }

        foreach (ExceptionHandler handler in from.Body.ExceptionHandlers)
        {
            to.Body.ExceptionHandlers.Add(new ExceptionHandler(handler.HandlerType)
            {
                CatchType = handler.CatchType,
                TryStart = At(handler.TryStart),
                TryEnd = At(handler.TryEnd),
                HandlerStart = At(handler.HandlerStart),
                HandlerEnd = At(handler.HandlerEnd),
                FilterStart = At(handler.FilterStart),
            });
        }

        foreach ((Instruction instruction, SequencePoint point) in from.DebugInformation.GetSequencePointMapping())
        {
            to.DebugInformation.SequencePoints.Add(new SequencePoint(_instructions[instruction], point.Document)
            {
                StartLine = point.StartLine,
                StartColumn = point.StartColumn,
                EndLine = point.EndLine,
                EndColumn = point.EndColumn,
            });
        }
    }

    private Instruction? At(Instruction? instruction) => instruction is null ? null : _instructions[instruction];

    private object? Operand(object? operand) => operand switch
    {
        Instruction target => _instructions[target],
        Instruction[] targets => targets.Select(target => _instructions[target]).ToArray(),
        VariableDefinition variable => _variables[variable],
        ParameterDefinition parameter when parameter == from.Body.ThisParameter => to.Body.ThisParameter,
        ParameterDefinition parameter => to.Parameters[parameter.Index],
        _ => operand,
    };
}
