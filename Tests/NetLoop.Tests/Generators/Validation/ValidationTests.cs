using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace NetLoop.Tests.Generators.Validation;

/// <summary>Attributes of System.ComponentModel.DataAnnotations are checked by the code that reads a contract.</summary>
[Parallelizable]
public sealed class ValidationTests
{
    private const string Annotations = "System.ComponentModel.DataAnnotations.";

    // The places of attributes, and how the contract is read: an array, a map, a record with attributes on parameters, and a class with a constructor.
    private static readonly string[] Forms =
    [
        "public partial class {0} {{ [Key(0), {1}] public {2} X {{ get; set; }} = {3}; }}",
        "public readonly partial record struct {0}([property: Key(0)] [{1}] {2} X);",
        "public partial class {0} {{ [Key(\"x\"), {1}] public {2} X {{ get; init; }} = {3}; }}",
        "public readonly partial record struct {0}([property: Key(0), {1}] {2} X);",
        "public partial class {0} {{ public {0}([{1}] {2} x) {{ X = x; }} [Key(0)] public {2} X {{ get; }} }}",
        "public partial class {0} {{ [Key(0)] [field: {1}] public {2} X {{ get; set; }} = {3}; }}",
        "public partial struct {0} {{ [Key(\"x\"), {1}] public {2} X; }}",
    ];

    private static readonly Lazy<Assembly> Compiled = new(Compile);

    private static IEnumerable<TestCaseData> Cases =>
        ValidationTable.Cases.Select((entry, index) => new TestCaseData(entry, index).SetArgDisplayNames(entry.ToString()));

    [TestCaseSource(nameof(Cases))]
    public void TryDeserialize_ValueAtBelowAndAboveItsBounds_IsReadOrInvalid(ValidationCase entry, int index)
    {
        for (int form = 0; form < FormsOf(index); form++)
        {
            MethodInfo run = Compiled.Value.GetType($"C{index}_{form}Probe")!.GetMethod("Run")!;
            for (int value = 0; value < entry.Good.Length + entry.Bad.Length; value++)
            {
                DecodeStatus expected = value < entry.Good.Length ? DecodeStatus.Ok : DecodeStatus.InvalidValue;
                string text = entry.Good.Concat(entry.Bad).ElementAt(value);
                Assert.That((DecodeStatus)run.Invoke(null, [value])!, Is.EqualTo(expected), $"{text} in {Forms[form]}");
            }
        }
    }

    private static Assembly Compile()
    {
        StringBuilder source = new(
            "using System; using System.Collections.Generic; using System.Collections.Immutable; using System.Linq; using NetLoop; using MessagePack;\n");
        foreach ((ValidationCase entry, int index) in ValidationTable.Cases.Select((entry, index) => (entry, index)))
        {
            string attributes = string.Join(", ", entry.Attributes.Split(", ").Select(part => IsAttribute(part) ? Annotations + part : part));
            for (int form = 0; form < FormsOf(index); form++)
            {
                string name = $"C{index}_{form}";
                source.Append("[NetContract] ")
                    .AppendFormat(CultureInfo.InvariantCulture, Forms[form], name, attributes, entry.Type, entry.Good[0])
                    .Append('\n');
                string creation = Forms[form].Contains("{0}(", StringComparison.Ordinal) ? $"new {name}(x)" : $"new {name} {{ X = x }}";
                source.Append(
                    CultureInfo.InvariantCulture, $"public static class {name}Probe {{ public static DecodeStatus Run(int n) {{ {entry.Type} x = n switch {{ ");
                foreach ((string value, int number) in entry.Good.Concat(entry.Bad).Select((value, number) => (value, number)))
                {
                    source.Append(CultureInfo.InvariantCulture, $"{number} => {value}, ");
                }

                source.Append(CultureInfo.InvariantCulture, $"_ => throw new InvalidOperationException() }}; return Probe.Run({creation}); }} }}\n");
            }
        }

        source.Append(
            """
            public static class Probe
            {
                public static DecodeStatus Run<T>(T value) where T : INetContract<T>
                {
                    byte[] wire = NetMessagePack.Serialize(value);
                    T? into = default;
                    NetMessagePack.TryDeserialize(wire, new DecodeLimits { MaxBinaryBytes = 100_000 }, out T? read, out DecodeStatus status);
                    NetMessagePack.TryDeserializeInto(wire, new DecodeLimits { MaxBinaryBytes = 100_000 }, ref into, out DecodeStatus again);
                    return status == again ? status : throw new InvalidOperationException($"{status} and {again}");
                }
            }
            """);
        CSharpCompilation compilation = GeneratorRun.Compile().WithAssemblyName("Validated").AddSyntaxTrees(
            CSharpSyntaxTree.ParseText(source.ToString(), CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14), "Validated.cs"));
        GeneratorRun.Driver(isTracked: false).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        Assert.That(GeneratorRun.Findings(output), Is.Empty);
        using MemoryStream image = new();
        Assert.That(output.Emit(image).Diagnostics.Where(finding => finding.Severity >= DiagnosticSeverity.Warning), Is.Empty);
        image.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(image);
    }

    // Two ways are tested for all, the others for some, because compiling all would take long.
    private static int FormsOf(int index) => index % 6 == 0 ? Forms.Length : 2;

    // The text between two commas is an attribute, or an argument of one.
    private static bool IsAttribute(string part) =>
        new[] { "MaxLength", "MinLength", "Length", "StringLength", "Required", "Range" }.Any(name => part.StartsWith(name, StringComparison.Ordinal));
}
