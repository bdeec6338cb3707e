using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Nets;

/// <summary>Creates an engine that records which of its sequence points ran.</summary>
internal static class HitCounter
{
    private const string TypeName = "NetLoop.MutationHits";
    private const string FieldName = "Points";

    /// <summary>Inserts a mark before each sequence point.</summary>
    /// <returns>The names of the points and their places in the source, in the order of the marks.</returns>
    public static IReadOnlyList<(string Name, string Line)> Instrument(EngineImage image)
    {
        ModuleDefinition module = image.Module;
        FieldDefinition marks = new(FieldName, FieldAttributes.Public | FieldAttributes.Static, new ArrayType(module.TypeSystem.Byte));
        List<(string Name, string Line)> names = [];
        foreach ((string name, MethodDefinition method) in image.Methods)
        {
            MethodCode code = new(method);
            List<Instruction> starts = [.. code.PointStarts()];
            for (int i = 0; i < starts.Count; i++)
            {
                Mark(code.Processor, starts[i], marks, names.Count);
                names.Add(($"{name}@{i}/{starts.Count}", $"{EngineImage.FileOf(method)}:{code.LineOf(i)}"));
            }

            method.Body.OptimizeMacros();
        }

        AddType(module, marks, names.Count);
        return names;
    }

    /// <summary>The marks of the engine loaded in this process; null for an engine without them.</summary>
    public static byte[]? Marks() => (byte[]?)typeof(NetServer).Assembly.GetType(TypeName)?.GetField(FieldName)!.GetValue(null);

    private static void Mark(ILProcessor processor, Instruction start, FieldDefinition marks, int index)
    {
        // The first of the new instructions replaces the old one, because branches lead to it.
        Instruction moved = Instruction.Create(OpCodes.Nop);
        moved.OpCode = start.OpCode;
        moved.Operand = start.Operand;
        processor.InsertAfter(start, moved);
        start.OpCode = OpCodes.Ldsfld;
        start.Operand = marks;
        processor.InsertBefore(moved, processor.Create(OpCodes.Ldc_I4, index));
        processor.InsertBefore(moved, processor.Create(OpCodes.Ldc_I4_1));
        processor.InsertBefore(moved, processor.Create(OpCodes.Stelem_I1));
    }

    private static void AddType(ModuleDefinition module, FieldDefinition marks, int count)
    {
        TypeDefinition type = new(
            "NetLoop",
            TypeName["NetLoop.".Length..],
            TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit,
            module.TypeSystem.Object);
        type.Fields.Add(marks);
        MethodDefinition initializer = new(
            ".cctor",
            MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName | MethodAttributes.HideBySig,
            module.TypeSystem.Void);
        ILProcessor processor = initializer.Body.GetILProcessor();
        processor.Emit(OpCodes.Ldc_I4, count);
        processor.Emit(OpCodes.Newarr, module.TypeSystem.Byte);
        processor.Emit(OpCodes.Stsfld, marks);
        processor.Emit(OpCodes.Ret);
        type.Methods.Add(initializer);
        module.Types.Add(type);
    }
}
