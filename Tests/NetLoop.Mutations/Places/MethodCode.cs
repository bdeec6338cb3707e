using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace NetLoop.Mutations.Places;

/// <summary>
/// A method's instructions with what mutations need to know about them. All have their long form, so that inserting something between them needs no
/// other form.
/// </summary>
internal sealed class MethodCode
{
    private readonly Dictionary<Instruction, int> _points = [];
    private readonly Dictionary<Instruction, int> _depths;
    private readonly HashSet<Instruction> _targets;
    private readonly HashSet<Instruction> _borders;
    private readonly List<SequencePoint> _lines = [];

    public MethodCode(MethodDefinition method)
    {
        Method = method;
        IDictionary<Instruction, SequencePoint> mapping = method.DebugInformation.GetSequencePointMapping();
        method.Body.SimplifyMacros();
        int point = -1;
        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (mapping.TryGetValue(instruction, out SequencePoint? at))
            {
                point = -1;
                if (!at.IsHidden)
                {
                    point = _lines.Count;
                    _lines.Add(at);
                }
            }

            _points[instruction] = point;
        }

        _depths = StackDepth.Compute(method);
        _targets = [.. method.Body.Instructions.SelectMany(StackDepth.Targets)];
        _borders = [.. method.Body.ExceptionHandlers.SelectMany(Borders)];
        Statements = FindStatements();
    }

    public MethodDefinition Method { get; }

    public IList<Instruction> Instructions => Method.Body.Instructions;

    public ILProcessor Processor => Method.Body.GetILProcessor();

    /// <summary>Its statements, in order; statements that are part of an expression are left out.</summary>
    public IReadOnlyList<Statement> Statements { get; }

    /// <summary>Number of its sequence points.</summary>
    public int Points => _lines.Count;

    /// <summary>Whether the compiler generated it for an async method, an iterator, or captured variables.</summary>
    public bool IsRewritten => Method.DeclaringType.Name.StartsWith('<');

    /// <summary>The sequence point of an instruction; -1 for none, as in code that the compiler adds.</summary>
    public int PointOf(Instruction instruction) => _points.GetValueOrDefault(instruction, -1);

    /// <summary>The beginning of a sequence point in the source.</summary>
    public int LineOf(int point) => _lines[point].StartLine;

    /// <summary>Whether an instruction can be reached by a jump.</summary>
    public bool IsTarget(Instruction instruction) => _targets.Contains(instruction);

    /// <summary>Whether a protected region or a handler begins or ends at an instruction.</summary>
    public bool IsBorder(Instruction instruction) => _borders.Contains(instruction);

    /// <summary>Whether an instruction is inside a try, catch or finally block.</summary>
    public bool IsProtected(Instruction instruction)
    {
        int index = Instructions.IndexOf(instruction);
        return Method.Body.ExceptionHandlers.Any(handler => index >= Instructions.IndexOf(handler.TryStart)
            && (handler.HandlerEnd is null || index < Instructions.IndexOf(handler.HandlerEnd)));
    }

    /// <summary>The first instruction of each sequence point, in the order of their numbers.</summary>
    public IEnumerable<Instruction> PointStarts()
    {
        int last = -1;
        foreach (Instruction instruction in Instructions)
        {
            if (_points[instruction] > last)
            {
                last = _points[instruction];
                yield return instruction;
            }
        }
    }

    private static IEnumerable<Instruction> Borders(ExceptionHandler handler) =>
        new[] { handler.TryStart, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd, handler.FilterStart }.Where(border => border is not null);

    private List<Statement> FindStatements()
    {
        List<Statement> statements = [];
        List<Instruction> run = [];
        foreach (Instruction instruction in Instructions)
        {
            if (run.Count > 0 && _points[instruction] != _points[run[0]])
            {
                Add(run, instruction, statements);
                run = [];
            }

            run.Add(instruction);
        }

        Add(run, null, statements);
        return statements;
    }

    private void Add(List<Instruction> run, Instruction? next, List<Statement> statements)
    {
        bool isWhole = run.Count > 0 && _points[run[0]] >= 0 && _depths.TryGetValue(run[0], out int before) && before == 0
            && (next is null || !_depths.TryGetValue(next, out int behind) || behind == 0);
        if (isWhole)
        {
            bool isStraight = run.All(instruction => instruction.OpCode.FlowControl is FlowControl.Next or FlowControl.Call or FlowControl.Meta)
                && run.Skip(1).All(instruction => !_targets.Contains(instruction) && !_borders.Contains(instruction))
                && run.Any(instruction => instruction.OpCode.Code != Code.Nop);
            statements.Add(new Statement(run, isStraight));
        }
    }
}
