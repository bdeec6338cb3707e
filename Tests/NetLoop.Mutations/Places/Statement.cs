using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NetLoop.Mutations.Places;

/// <summary>The instructions from one sequence point to the next, with an empty stack before and after them.</summary>
/// <param name="Instructions">In order; not empty.</param>
/// <param name="IsStraight">Whether it is entered only at its beginning and left only at its end.</param>
internal sealed record Statement(IReadOnlyList<Instruction> Instructions, bool IsStraight)
{
    public Instruction First => Instructions[0];

    /// <summary>The last instruction other than a no-op.</summary>
    public Instruction Last => Instructions.Last(instruction => instruction.OpCode.Code != Code.Nop);

    /// <summary>The call at its end, whose result is not used; null for other statements.</summary>
    public MethodReference? Call
    {
        get
        {
            Instruction last = Last.OpCode.Code == Code.Pop ? Last.Previous : Last;
            return IsStraight && last.OpCode.Code is Code.Call or Code.Callvirt ? (MethodReference)last.Operand : null;
        }
    }

    /// <summary>The field that its last instruction changes; null for other statements.</summary>
    public FieldReference? StoredField => IsStraight && Last.OpCode.Code is Code.Stfld or Code.Stsfld ? (FieldReference)Last.Operand : null;

    /// <summary>Whether it computes a field's new value from the same field, like ++.</summary>
    public bool IsCompound => StoredField is { } stored
        && Instructions.Any(
            instruction => instruction.OpCode.Code is Code.Ldfld or Code.Ldsfld && ((FieldReference)instruction.Operand).FullName == stored.FullName);
}
