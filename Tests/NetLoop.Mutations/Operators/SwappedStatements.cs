using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>Two adjacent statements in the wrong order.</summary>
internal sealed class SwappedStatements : IMutator
{
    public IEnumerable<Change> Find(MethodCode code)
    {
        for (int i = 0; i + 1 < code.Statements.Count; i++)
        {
            Statement first = code.Statements[i];
            Statement second = code.Statements[i + 1];
            bool areNeighbours = first.Instructions[^1].Next == second.First;
            if (areNeighbours && CanMove(code, first) && CanMove(code, second) && !code.IsTarget(second.First) && (first.Call ?? second.Call) is not null)
            {
                yield return new("order", first.First, $"does {Name(second)} before {Name(first)}", () => Swap(code, first, second));
            }
        }
    }

    private static bool CanMove(MethodCode code, Statement statement) =>
        statement.IsStraight
            && !code.IsBorder(statement.First)
            && (statement.StoredField is not null || (statement.Call is { } callee && callee.Name != ".ctor" && !Callees.IsGuard(callee)));

    private static string Name(Statement statement) =>
        statement.Call is { } callee ? Callees.NameOf(callee) : $"the change of {Callees.NameOf(statement.StoredField!)}";

    private static void Swap(MethodCode code, Statement first, Statement second)
    {
        foreach (Instruction branch in code.Instructions.ToList())
        {
            if (branch.Operand == first.First)
            {
                branch.Operand = second.First;
            }
            else if (branch.Operand is Instruction[] targets)
            {
                branch.Operand = targets.Select(target => target == first.First ? second.First : target).ToArray();
            }
        }

        foreach (Instruction instruction in second.Instructions)
        {
            code.Processor.Remove(instruction);
            code.Processor.InsertBefore(first.First, instruction);
        }
    }
}
