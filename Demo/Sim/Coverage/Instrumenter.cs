using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using Mono.Collections.Generic;

namespace NetLoop.Demo.Sim.Coverage;

/// <summary>Adds a mark at each sequence point of the compiled engine, in a copy in memory.</summary>
internal static class Instrumenter
{
    /// <summary>The type that is added to the engine.</summary>
    public const string MarksType = "NetLoop.Demo.Sim.Coverage.Marks";

    /// <summary>The type's field: a byte array with one byte for each point. It must be set before any code runs.</summary>
    public const string MarksField = "Seen";

    private const string EngineFolder = "Engine/NetLoop/";

    /// <summary>Marks the points of an assembly.</summary>
    /// <param name="file">The assembly; its symbols are in the same folder.</param>
    /// <param name="points">The points, in the order of the marks.</param>
    /// <returns>The marked assembly.</returns>
    /// <exception cref="SymbolsNotFoundException">There are no symbols.</exception>
    /// <exception cref="SymbolsNotMatchingException">The symbols belong to another build.</exception>
    public static byte[] Mark(string file, out List<CoveragePoint> points)
    {
        points = [];
        using var module = ModuleDefinition.ReadModule(
            file, new ReaderParameters { ReadSymbols = true, InMemory = true, SymbolReaderProvider = new PortablePdbReaderProvider() });
        var marks = new TypeDefinition(
            MarksType[..MarksType.LastIndexOf('.')],
            MarksType[(MarksType.LastIndexOf('.') + 1)..],
            TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed,
            module.TypeSystem.Object);
        var seen = new FieldDefinition(MarksField, FieldAttributes.Public | FieldAttributes.Static, new ArrayType(module.TypeSystem.Byte));
        marks.Fields.Add(seen);
        foreach (TypeDefinition type in module.GetTypes().ToList())
        {
            foreach (MethodDefinition method in type.Methods.Where(static method => method.HasBody))
            {
                Mark(method, seen, points);
            }
        }

        module.Types.Add(marks);
        using var marked = new MemoryStream();
        module.Write(marked);
        return marked.ToArray();
    }

    private static void Mark(MethodDefinition method, FieldDefinition seen, List<CoveragePoint> points)
    {
        MethodBody body = method.Body;
        List<(Instruction Instruction, CoveragePoint Point)> found = [.. PointsOf(method)];
        if (found.Count == 0)
        {
            return;
        }

        body.SimplifyMacros();
        Collection<Instruction> code = body.Instructions;
        foreach ((Instruction instruction, CoveragePoint point) in found)
        {
            // Branches and exception handlers keep pointing at this instruction, which becomes the first of the mark; the original instruction follows the
            // mark.
            var original = Instruction.Create(OpCodes.Nop);
            original.OpCode = instruction.OpCode;
            original.Operand = instruction.Operand;
            instruction.OpCode = OpCodes.Ldsfld;
            instruction.Operand = seen;
            int index = code.IndexOf(instruction);
            code.Insert(index + 1, Instruction.Create(OpCodes.Ldc_I4, points.Count));
            code.Insert(index + 2, Instruction.Create(OpCodes.Ldc_I4_1));
            code.Insert(index + 3, Instruction.Create(OpCodes.Stelem_I1));
            code.Insert(index + 4, original);
            points.Add(point);
        }

        body.OptimizeMacros();
    }

    private static IEnumerable<(Instruction Instruction, CoveragePoint Point)> PointsOf(MethodDefinition method)
    {
        Dictionary<int, Instruction> instructions = method.Body.Instructions.ToDictionary(static instruction => instruction.Offset);
        foreach (SequencePoint point in method.DebugInformation.SequencePoints)
        {
            // Generated code is not in the engine's folders.
            string file = point.Document.Url.Replace('\\', '/');
            int folder = file.LastIndexOf(EngineFolder, StringComparison.Ordinal);
            if (!point.IsHidden
                && folder >= 0
                && !file.Contains("/obj/", StringComparison.Ordinal)
                && instructions.TryGetValue(point.Offset, out Instruction? instruction))
            {
                yield return (instruction, new CoveragePoint(file[(folder + EngineFolder.Length)..], point.StartLine));
            }
        }
    }
}
