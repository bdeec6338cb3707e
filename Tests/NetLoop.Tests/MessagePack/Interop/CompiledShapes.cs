using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Contracts that are compiled while the tests run.</summary>
internal static class CompiledShapes
{
    /// <summary>Compiles contracts, and passes them to a visitor.</summary>
    /// <param name="source">Has a class <c>Shapes.AllShapes</c>, whose method <c>Show</c> passes each shape to a visitor.</param>
    /// <param name="visitor">Called for each of them.</param>
    public static void Show(string source, IShapeVisitor visitor)
    {
        CSharpCompilation compilation = GeneratorRun.Compile(source);
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> findings);
        Assert.That(findings, Is.Empty);
        using MemoryStream image = new();
        Assert.That(output.Emit(image).Diagnostics.Where(finding => finding.Severity == DiagnosticSeverity.Error), Is.Empty);
        Type all = Assembly.Load(image.ToArray()).GetType("Shapes.AllShapes", throwOnError: true)!;
        all.GetMethod("Show")!.CreateDelegate<Action<IShapeVisitor>>()(visitor);
    }
}
