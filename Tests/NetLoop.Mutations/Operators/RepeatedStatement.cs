using Mono.Cecil;
using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A statement that runs twice: returning a lease, a wake, a count.</summary>
internal sealed class RepeatedStatement : IMutator
{
    public IEnumerable<Change> Find(MethodCode code) =>
        from statement in code.Statements
        where statement.IsStraight
            && (statement.IsCompound || (statement.Call is { } callee && callee.Name != ".ctor" && !IsSetter(callee) && !Callees.IsGuard(callee)))
        let words = statement.Call is { } called ? Callees.NameOf(called) : $"the change of {Callees.NameOf(statement.StoredField!)}"
        select new Change("repeat", statement.First, $"does twice: {words}", () => Repeat(code.Processor, statement));

    // Setting the same value again changes nothing.
    private static bool IsSetter(MethodReference method) => method.Name.StartsWith("set_", StringComparison.Ordinal);

    private static void Repeat(ILProcessor processor, Statement statement)
    {
        Instruction last = statement.Instructions[^1];
        foreach (Instruction instruction in statement.Instructions)
        {
            Instruction copy = Instruction.Create(OpCodes.Nop);
            copy.OpCode = instruction.OpCode;
            copy.Operand = instruction.Operand;
            processor.InsertAfter(last, copy);
            last = copy;
        }
    }
}
