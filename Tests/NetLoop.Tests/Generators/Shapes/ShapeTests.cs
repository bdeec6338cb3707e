using NUnit.Framework;

namespace NetLoop.Tests.Generators.Shapes;

/// <summary>Each shape of a contract works, or is rejected by a finding that says what to change. The compiler never reports generated code.</summary>
[Parallelizable]
public sealed class ShapeTests
{
    private static readonly Lazy<ShapeCompilation> WorkingShapes = new(() => new ShapeCompilation(ShapeTable.Working));
    private static readonly Lazy<ShapeCompilation> RefusedShapes = new(() => new ShapeCompilation(ShapeTable.Refused));

    private static IEnumerable<TestCaseData> Working => ShapeTable.Working.Select(shape => new TestCaseData(shape).SetArgDisplayNames(shape.Name));

    private static IEnumerable<TestCaseData> Refused => ShapeTable.Refused.Select(shape => new TestCaseData(shape).SetArgDisplayNames(shape.Name));

    [TestCaseSource(nameof(Working))]
    public void Shape_ThatWorks_CompilesAndComesBack(Shape shape)
    {
        Assert.That(WorkingShapes.Value.MessagesOf(shape), Is.Empty);
        Assert.That(WorkingShapes.Value.ErrorsOf(shape), Is.Empty);
        string result = WorkingShapes.Value.Run(shape);
        Assert.That(result, shape.Wire is { } wire ? Is.EqualTo(wire) : Does.Match("^[0-9A-F]+$"));
    }

    [TestCaseSource(nameof(Refused))]
    public void Shape_ThatIsRejected_SaysWhy(Shape shape)
    {
        Assert.That(RefusedShapes.Value.FindingsOf(shape), Is.EqualTo(shape.Findings), string.Join("\n", RefusedShapes.Value.MessagesOf(shape)));
        Assert.That(RefusedShapes.Value.ErrorIdsOf(shape), Is.EquivalentTo(shape.CompilerErrors), string.Join("\n", RefusedShapes.Value.ErrorsOf(shape)));
    }

    [Test]
    public void Table_HasAllShapes()
    {
        Assert.That(ShapeTable.Working.Count + ShapeTable.Refused.Count, Is.GreaterThanOrEqualTo(276));
        Assert.That(ShapeTable.Working.Concat(ShapeTable.Refused).Select(shape => shape.Name), Is.Unique);
        Assert.That(WorkingShapes.Value.OtherErrors.Concat(RefusedShapes.Value.OtherErrors), Is.Empty);
    }
}
