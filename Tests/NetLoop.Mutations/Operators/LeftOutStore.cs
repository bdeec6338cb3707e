using Mono.Cecil;
using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>An assignment to a field, an element or a reference that is left out, like a forgotten reset.</summary>
internal sealed class LeftOutStore : IMutator
{
    public IEnumerable<Change> Find(MethodCode code) =>
        from instruction in code.Method.IsConstructor ? [] : code.Instructions
        let values = Values(instruction)
        where values > 0 && !(instruction.Operand is FieldReference { Name: ['<', '>', ..] })
        select new Change("store", instruction, $"does not set {Target(instruction)}", () => LeaveOut(code.Processor, instruction, values));

    private static int Values(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Stsfld or Code.Initobj => 1,
        Code.Stfld or Code.Stobj => 2,
        >= Code.Stind_Ref and <= Code.Stind_R8 => 2,
        Code.Stelem_Any or (>= Code.Stelem_I and <= Code.Stelem_Ref) => 3,
        _ => 0,
    };

    private static string Target(Instruction instruction) => instruction.Operand is FieldReference field ? Callees.NameOf(field)
        : instruction.Previous is { Operand: FieldReference inner } ? Callees.NameOf(inner) : "a value";

    private static void LeaveOut(ILProcessor processor, Instruction store, int values)
    {
        Callees.RemovePrefix(store);
        store.OpCode = OpCodes.Pop;
        store.Operand = null;
        for (int more = 1; more < values; more++)
        {
            processor.InsertAfter(store, processor.Create(OpCodes.Pop));
        }
    }
}
