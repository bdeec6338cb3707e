using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Contracts that nobody thought of: this library and others write the same bytes, and each reads what the other wrote.</summary>
public sealed class RandomShapeTests
{
    private const int Shapes = 500;
    private const int CommonShapes = 100;

    [Test]
    public void RandomShapes_MessagePackCSharp_AgreesBothWays()
    {
        var comparison = new MessagePackCSharpComparison();
        Show(new RandomShapes(seed: 15) { Leaf = RandomShapes.AnyLeaf }.Write(Shapes), comparison);
        comparison.AssertNoDifference(Shapes);
    }

    [Test]
    public void RandomShapes_NerdbankMessagePack_AgreesBothWays()
    {
        var comparison = new NerdbankComparison();
        Show(new RandomShapes(seed: 17) { Leaf = RandomShapes.CommonLeaf, HasCompounds = false, OnlyNames = true }.Write(CommonShapes), comparison);
        comparison.AssertNoDifference(CommonShapes);
    }

    [Test]
    public void RandomShapes_SameSeed_AreTheSame()
    {
        string first = new RandomShapes(seed: 1) { Leaf = RandomShapes.AnyLeaf }.Write(20);
        Assert.That(new RandomShapes(seed: 1) { Leaf = RandomShapes.AnyLeaf }.Write(20), Is.EqualTo(first));
        Assert.That(new RandomShapes(seed: 2) { Leaf = RandomShapes.AnyLeaf }.Write(20), Is.Not.EqualTo(first));
    }

    private static void Show(string source, IShapeVisitor visitor)
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
