using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NetLoop.Mutations.Operators;

/// <summary>Names methods, and recognizes those whose calls make no visible difference.</summary>
internal static class Callees
{
    private static readonly string[] Guards =
    [
        "Holds", "ThrowIfNull", "ThrowIfNegative", "ThrowIfNegativeOrZero", "ThrowIfNullOrEmpty", "KeepAlive", "SuppressFinalize"
    ];

    /// <summary>The name as in the source: Type.Method.</summary>
    public static string NameOf(MethodReference method) => $"{TypeName(method.DeclaringType)}.{method.Name}";

    public static string NameOf(FieldReference field)
    {
        string name = field.Name;
        return name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and int end ? name[1..end] : name;
    }

    /// <summary>Whether an instruction writes a line of a log.</summary>
    public static bool IsLog(Instruction instruction) => instruction.Operand is MethodReference method
        && (
            method.DeclaringType.Name.EndsWith("Log", StringComparison.Ordinal)
                || method.DeclaringType.FullName.StartsWith("Microsoft.Extensions.Logging", StringComparison.Ordinal));

    /// <summary>Whether a method only checks its caller's arguments, or formats text.</summary>
    public static bool IsGuard(MethodReference method) => Guards.Contains(method.Name)
        || method.DeclaringType.Name is "DefaultInterpolatedStringHandler" or "StringBuilder" or "Debug" or "String";

    /// <summary>The instruction that loads the default value of a type; null if that takes more than one.</summary>
    public static Instruction? Default(TypeReference type) => type.MetadataType switch
    {
        MetadataType.Boolean or MetadataType.Char or MetadataType.SByte or MetadataType.Byte or MetadataType.Int16 or MetadataType.UInt16
            or MetadataType.Int32 or MetadataType.UInt32 => Instruction.Create(OpCodes.Ldc_I4_0),
        MetadataType.Int64 or MetadataType.UInt64 => Instruction.Create(OpCodes.Ldc_I8, 0L),
        MetadataType.Single => Instruction.Create(OpCodes.Ldc_R4, 0f),
        MetadataType.Double => Instruction.Create(OpCodes.Ldc_R8, 0d),
        MetadataType.Class or MetadataType.Object or MetadataType.String or MetadataType.Array => Instruction.Create(OpCodes.Ldnull),
        MetadataType.ValueType when type.Resolve() is { IsEnum: true } resolved => Default(UnderlyingType(resolved)),
        _ => null,
    };

    /// <summary>Replaces a call by removing its arguments from the stack. A prefix of the call is removed.</summary>
    /// <returns>The last of the new instructions.</returns>
    public static Instruction Discard(ILProcessor processor, Instruction call)
    {
        RemovePrefix(call);
        int values = Places.StackDepth.Arguments(call);
        call.OpCode = values == 0 ? OpCodes.Nop : OpCodes.Pop;
        call.Operand = null;
        Instruction last = call;
        for (int more = 1; more < values; more++)
        {
            Instruction pop = processor.Create(OpCodes.Pop);
            processor.InsertAfter(last, pop);
            last = pop;
        }

        return last;
    }

    /// <summary>Replaces the prefixes of an instruction by no-ops.</summary>
    public static void RemovePrefix(Instruction instruction)
    {
        for (Instruction? before = instruction.Previous; before?.OpCode.OpCodeType == OpCodeType.Prefix; before = before.Previous)
        {
            before.OpCode = OpCodes.Nop;
            before.Operand = null;
        }
    }

    private static TypeReference UnderlyingType(TypeDefinition enumeration) => enumeration.Fields.First(field => !field.IsStatic).FieldType;

    private static string TypeName(TypeReference type)
    {
        string name = type.Name;
        int arity = name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? name : name[..arity];
    }
}
