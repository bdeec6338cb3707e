using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace NetLoop.Tests.Generators.Validation;

/// <summary>An attribute that would check nothing, or reject everything, does not compile.</summary>
[Parallelizable]
public sealed class ValidationDiagnosticsTests
{
    [TestCase("MaxLength(3)", "int", "'int' has no length")]
    [TestCase("Length(1, 3)", "Uri", "'System.Uri' has no length")]
    [TestCase("MinLength(1)", "(int, int)", "'(int, int)' has no length")]
    [TestCase("StringLength(3)", "List<int>", "'System.Collections.Generic.List<int>' is not a string; use [MaxLength], [MinLength] or [Length]")]
    [TestCase("MaxLength(0)", "string", "a length cannot be negative, and a [MaxLength] is at least 1")]
    [TestCase("MinLength(-1)", "string", "a length cannot be negative, and a [MaxLength] is at least 1")]
    [TestCase("Length(3, 2)", "string", "no value is at least 3 and at most 2 long")]
    [TestCase("StringLength(3, MinimumLength = 4)", "string", "no value is at least 4 and at most 3 long")]
    [TestCase("MinLength(3), MaxLength(2)", "string", "no value is at least 3 and at most 2 long")]
    [TestCase("Range(1, 2)", "string", "'string' has no range; only numbers, enums, TimeSpan, DateTime and DateOnly have")]
    [TestCase("Range(1, 2)", "Guid", "'System.Guid' has no range; only numbers, enums, TimeSpan, DateTime and DateOnly have")]
    [TestCase("Range(2, 1)", "int", "no value of 'int' is in it")]
    [TestCase("Range(256, 300)", "byte", "no value of 'byte' is in it")]
    [TestCase("Range(1, 1, MinimumIsExclusive = true)", "int", "no value of 'int' is in it")]
    [TestCase("Range(0.25, 0.75)", "int", "no value of 'int' is in it")]
    [TestCase("Range(1.0, 1.0, MaximumIsExclusive = true)", "double", "no value of 'double' is in it")]
    [TestCase("Range(2.0, 1.0)", "decimal", "no value of 'decimal' is in it")]
    [TestCase("Range(1e30, 2e30)", "decimal", "no value of 'decimal' is in it")]
    [TestCase("Range(typeof(TimeSpan), \"02:00\", \"01:00\")", "TimeSpan", "no value of 'System.TimeSpan' is in it")]
    [TestCase("Range(0, double.NaN)", "double", "its bounds are not values of 'double', as the invariant culture writes them")]
    [TestCase("Range(typeof(int), \"1\", \"x\")", "int", "its bounds are not values of 'int', as the invariant culture writes them")]
    [TestCase("Range(typeof(Version), \"1.0\", \"2.0\")", "int", "its bounds are not values of 'System.Version', as the invariant culture writes them")]
    [TestCase("Range(1, 2)", "TimeSpan", "its bounds cannot be compared with 'System.TimeSpan'")]
    [TestCase("Range(typeof(TimeSpan), \"01:00\", \"02:00\")", "int", "its bounds cannot be compared with 'int'")]
    public void Attribute_ThatCannotBeChecked_SaysWhy(string attributes, string type, string problem)
    {
        Diagnostic[] findings = [.. Findings(attributes, type)];
        Assert.That(findings.Select(finding => finding.Id), Is.EqualTo(new[] { "NL0022" }));
        string text = findings[0].GetMessage(CultureInfo.InvariantCulture);
        Assert.That(text, Does.StartWith("Member 'X' has [").And.EndsWith($"which cannot be checked: {problem}"));
    }

    [TestCase("RegularExpression(\"^a+$\")", "matching takes time and memory that the peer would choose")]
    [TestCase("EmailAddress", "the generator does not know it")]
    [TestCase("EnumDataType(typeof(DayOfWeek))", "the generator does not know it")]
    public void Attribute_ThatIsNotChecked_SaysSoAndMayBeSuppressed(string attribute, string reason)
    {
        Diagnostic[] findings = [.. Findings(attribute, "string")];
        Assert.That(findings.Select(finding => finding.Id), Is.EqualTo(new[] { "NL0023" }));
        Assert.That(findings[0].GetMessage(CultureInfo.InvariantCulture), Is.EqualTo(
            $"Member 'X' has [{attribute.Split('(')[0]}], which is not checked when a message is read: {reason}; check it in the handler, or suppress this "
                + "finding if the attribute is for other code"));

        // If the finding is suppressed, the code is generated.
        CSharpCompilation compilation = Compile(attribute, "string");
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        Assert.That(output.SyntaxTrees.Last().ToString(), Does.Not.Contain("The contract had errors"));
    }

    [TestCase("Display(Name = \"The name\")")]
    [TestCase("DataType(DataType.Text)")]
    [TestCase("MaxLength")]
    public void Attribute_ThatIsNoCheck_IsLeftAlone(string attribute) => Assert.That(Findings(attribute, "string"), Is.Empty);

    [Test]
    public void Fingerprint_WithAndWithoutAttributes_IsTheSame()
    {
        const string Plain = "[NetMessage(100)] public partial record struct A([property: Key(0)] int X);";
        string with = Plain.Replace("int X", "[System.ComponentModel.DataAnnotations.Range(1, 2)] int X", StringComparison.Ordinal);
        Assert.That(GeneratorRun.Description(with), Is.EqualTo(GeneratorRun.Description(Plain)));
    }

    [Test]
    public void Code_OfAFixedLayout_ChecksWhatWasRead() => Assert.That(
        GeneratorRun.CodeOf(GeneratorRun.Files(
            "[NetContract] public partial record struct A([property: Key(0)][System.ComponentModel.DataAnnotations.Range(1, 9)] int X);")[0]),
        Does.Contain(
            """
                        reader.EndFixedLayout(in layout);
                        if (!(x is (>= 1 and <= 9)))
                        {
                            reader.Fail(global::NetLoop.DecodeStatus.InvalidValue);
                            value = default;
                            return false;
                        }
                        value = new global::A(x);
                        return true;
            """.ReplaceLineEndings("\n")));

    private static ImmutableArray<Diagnostic> Findings(string attributes, string type) => GeneratorRun.Findings(Compile(attributes, type));

    private static CSharpCompilation Compile(string attributes, string type)
    {
        const string Usings =
            "using System; using System.Collections.Generic; using NetLoop; using System.ComponentModel.DataAnnotations; using KeyAttribute = "
                + "MessagePack.KeyAttribute; ";
        string source = $"{Usings}[NetContract] public partial class A {{ [Key(0), {attributes}] public {type} X {{ get; set; }} = default!; }}";
        return GeneratorRun.Compile().AddSyntaxTrees(
            CSharpSyntaxTree.ParseText(source, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14), "Source0.cs"));
    }
}
