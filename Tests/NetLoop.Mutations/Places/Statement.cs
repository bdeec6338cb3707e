using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NetLoop.Mutations.Places;

/// <summary>The instructions from one sequence point to the next, with nothing on the stack before and behind them.</summary>
/// <param name="Instructions">In order; not empty.</param>
/// <param name="IsStraight">Whether control comes in at the beginning, goes out at the end, and nowhere else.</param>
internal sealed record Statement(IReadOnlyList<Instruction> Instructions, bool IsStraight)
{
    public Instruction First => Instructions[0];

    /// <summary>The last instruction that does something.</summary>
    public Instruction Last => Instructions.Last(instruction => instruction.OpCode.Code != Code.Nop);

    /// <summary>The call with which it ends, its answer not used; null for another statement.</summary>
    public MethodReference? Call
    {
        get
        {
            Instruction last = Last.OpCode.Code == Code.Pop ? Last.Previous : Last;
            return IsStraight && last.OpCode.Code is Code.Call or Code.Callvirt ? (MethodReference)last.Operand : null;
        }
    }

    /// <summary>The field with whose change it ends; null for another statement.</summary>
    public FieldReference? StoredField => IsStraight && Last.OpCode.Code is Code.Stfld or Code.Stsfld ? (FieldReference)Last.Operand : null;

    /// <summary>Whether it changes a field by a value that it makes of the same field, as ++ does.</summary>
    public bool IsCompound => StoredField is { } stored
        && Instructions.Any(
            instruction => instruction.OpCode.Code is Code.Ldfld or Code.Ldsfld && ((FieldReference)instruction.Operand).FullName == stored.FullName);
}
