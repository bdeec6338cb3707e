using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>Runs the generator over source text, as the compiler would.</summary>
internal static class GeneratorRun
{
    private static readonly CSharpParseOptions _parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    private static readonly Lazy<ImmutableArray<MetadataReference>> _references = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>A compilation of one file a source, with the usual usings.</summary>
    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Tested",
        sources.Select((source, index) => Parse(source, $"Source{index}.cs")),
        _references.Value,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree Parse(string source, string path) =>
        CSharpSyntaxTree.ParseText($"using System; using System.Collections.Generic; using NetLoop;\n{source}", _parse, path);

    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new ContractGenerator().AsSourceGenerator()],
        parseOptions: _parse,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>What the generator has to say about the sources.</summary>
    public static ImmutableArray<Diagnostic> Findings(params string[] sources) =>
        Driver().RunGenerators(Compile(sources)).GetRunResult().Diagnostics;

    /// <summary>The generated files; the sources must compile with them, without a warning.</summary>
    public static ImmutableArray<GeneratedSourceResult> Files(params string[] sources)
    {
        GeneratorDriver driver = Driver().RunGeneratorsAndUpdateCompilation(Compile(sources), out Compilation output, out ImmutableArray<Diagnostic> findings);
        Assert.That(findings, Is.Empty);
        Assert.That(output.GetDiagnostics().Where(finding => finding.Severity >= DiagnosticSeverity.Warning), Is.Empty);
        return driver.GetRunResult().Results.Single().GeneratedSources;
    }
}
