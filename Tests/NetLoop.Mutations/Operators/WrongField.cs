using Mono.Cecil;
using Mono.Cecil.Cil;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>Another number or flag of the same object.</summary>
internal sealed class WrongField : IMutator
{
    public IEnumerable<Change> Find(MethodCode code)
    {
        foreach (Instruction instruction in code.Instructions)
        {
            if (instruction.Operand is FieldDefinition { IsStatic: false } field && instruction.OpCode.Code == Code.Ldfld && Other(field) is { } other)
            {
                yield return new("field", instruction, $"reads {Callees.NameOf(other)} instead of {Callees.NameOf(field)}", () => instruction.Operand = other);
            }
            else if (
                instruction.Operand is MethodDefinition { IsGetter: true, IsStatic: false, IsVirtual: false, HasParameters: false } getter
                    && Other(getter) is { } another)
            {
                yield return new(
                    "field",
                    instruction,
                    $"reads {another.Name["get_".Length..]} instead of {getter.Name["get_".Length..]}",
                    () => instruction.Operand = another);
            }
        }
    }

    private static FieldDefinition? Other(FieldDefinition field) =>
        IsSimple(field.FieldType) && !field.DeclaringType.HasGenericParameters && !field.DeclaringType.Name.StartsWith('<')
        ? Next([.. field.DeclaringType.Fields.Where(other => !other.IsStatic && other.FieldType.FullName == field.FieldType.FullName)], field)
        : null;

    private static MethodDefinition? Other(MethodDefinition getter) => IsSimple(getter.ReturnType) && !getter.DeclaringType.HasGenericParameters
        ? Next(
            [
                .. getter.DeclaringType.Methods.Where(
                    other => other is { IsGetter: true, IsStatic: false, IsVirtual: false, HasParameters: false }
                        && other.ReturnType.FullName == getter.ReturnType.FullName)
            ],
            getter)
        : null;

    private static T? Next<T>(List<T> all, T one)
        where T : class => all.Count < 2 ? null : all[(all.IndexOf(one) + 1) % all.Count];

    private static bool IsSimple(TypeReference type) => type.MetadataType is >= MetadataType.Boolean and <= MetadataType.Double;
}
