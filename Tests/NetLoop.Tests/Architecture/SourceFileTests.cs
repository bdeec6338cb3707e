using NUnit.Framework;

namespace NetLoop.Tests.Architecture;

/// <summary>Rules about lines of text: their length, and how many are repeated.</summary>
[Parallelizable]
public sealed class SourceFileTests
{
    [TestCase("Engine")]
    [TestCase("Demo")]
    [TestCase("Tests")]
    public void Sources_NoLine_IsWiderThan160Columns(string folder)
    {
        string[] wide = [.. SourceFiles.In(folder).SelectMany(static file => WidthRule.Check(file.Path, file.Lines))];
        Assert.That(wide, Is.Empty, string.Join('\n', wide));
    }

    [Test]
    public void Engine_NoTwoPlaces_Share12Lines()
    {
        string[] twice = [.. RepetitionRule.Check(SourceFiles.In("Engine"))];
        Assert.That(twice, Is.Empty, string.Join('\n', twice));
    }

    [TestCase(160, 0)]
    [TestCase(161, 1)]
    public void WidthRule_LineAtTheLimit_IsTheWidestAllowed(int columns, int violations) =>
        Assert.That(WidthRule.Check("A.cs", [new string('x', columns)]).Count(), Is.EqualTo(violations));

    [Test]
    public void WidthRule_TextInARawString_MayBeWide()
    {
        string wide = new('x', 200);
        Assert.That(WidthRule.Check("A.cs", ["a = \"\"\"", wide, "    \"\"\";"]), Is.Empty);
        Assert.That(WidthRule.Check("A.cs", ["a = \"\"\"x\"\"\";", wide]), Is.EqualTo(["A.cs:2: 200 columns; 160 are the most"]));
    }

    [TestCase(12, 1)]
    [TestCase(11, 0)]
    public void RepetitionRule_TheSameLinesInTwoFiles_AreNamedOnce(int same, int violations)
    {
        string[] shared = [.. Enumerable.Range(0, same).Select(static line => $"    line{line}();")];
        string[] other = [.. shared.SelectMany(static line => new[] { "// comment", "", line.Trim() })];
        Assert.That(RepetitionRule.Check([("A.cs", ["a();", .. shared, "b();"]), ("B.cs", ["c();", .. other, "d();"])]).Count(), Is.EqualTo(violations));
    }
}
