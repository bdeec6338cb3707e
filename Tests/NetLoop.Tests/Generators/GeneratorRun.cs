using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;
using NetLoop.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>Runs the generator over source text, as the compiler does.</summary>
internal static class GeneratorRun
{
    private const string DescriptionFile = "NetContracts.g.cs";

    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    // Its references are bound once for all compilations derived from it, so the compiler keeps what it knows about the framework's types.
    private static readonly Lazy<CSharpCompilation> EmptyCompilation = new(() =>
    {
        CSharpCompilation empty = CSharpCompilation.Create(
            "Tested",
            [],
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
                .WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress)])); // As the SDK does: packages name older versions of the framework.
        _ = empty.GetSpecialType(SpecialType.System_Object);
        return empty;
    });

    /// <summary>A compilation with one file for each source, and the usual using directives.</summary>
    public static CSharpCompilation Compile(params string[] sources) => EmptyCompilation.Value.AddSyntaxTrees(
        [.. sources.Select((source, index) => Parse(source, $"Source{index}.cs", source.StartsWith("global using", StringComparison.Ordinal)))]);

    /// <summary>Parses one file with the usual using directives in front; global ones must be the first in a file.</summary>
    public static SyntaxTree Parse(string source, string path, bool global = false) =>
        CSharpSyntaxTree.ParseText(
            (global ? "" : "using System; using System.Collections.Generic; using NetLoop; using MessagePack;\n") + source, ParseOptions, path);

    /// <summary>A compiler's generators before their first run.</summary>
    /// <param name="isTracked">Whether the results include the steps; with them, Roslyn 5.0 loses an output after one that was removed.</param>
    public static GeneratorDriver Driver(bool isTracked = true) => CSharpGeneratorDriver.Create(
        [new ContractGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: isTracked));

    /// <summary>The analyzer's findings in the sources, in their order.</summary>
    public static ImmutableArray<Diagnostic> Findings(params string[] sources) => Findings(Compile(sources));

    /// <summary>The analyzer's findings in a compilation, in the order of its files.</summary>
    /// <param name="compilation">The compilation.</param>
    /// <param name="properties">The properties of its project.</param>
    public static ImmutableArray<Diagnostic> Findings(Compilation compilation, params (string Name, string Value)[] properties) =>
    [
        .. compilation.WithAnalyzers([new ContractAnalyzer(), new RequestAnalyzer()], new AnalyzerOptions([], new ProjectProperties(properties)))
            .GetAnalyzerDiagnosticsAsync()
            .GetAwaiter()
            .GetResult()
            .OrderBy(finding => finding.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(finding => finding.Location.SourceSpan.Start),
    ];

    /// <summary>The findings of the compiler and the analyzer in a compilation, in one pass.</summary>
    public static (ImmutableArray<Diagnostic> Findings, ImmutableArray<Diagnostic> Warnings) AllFindings(Compilation compilation)
    {
        ImmutableArray<Diagnostic> all = compilation
            .WithAnalyzers([new ContractAnalyzer(), new RequestAnalyzer()], new AnalyzerOptions([], new ProjectProperties([])))
            .GetAllDiagnosticsAsync()
            .GetAwaiter()
            .GetResult();
        return ([.. all.Where(IsFinding)], [.. all.Where(finding => !IsFinding(finding) && finding.Severity >= DiagnosticSeverity.Warning)]);

        static bool IsFinding(Diagnostic finding) => finding.Id.StartsWith("NL", StringComparison.Ordinal);
    }

    /// <summary>The generated files; the sources must compile with them without a warning.</summary>
    public static ImmutableArray<GeneratedSourceResult> Files(params string[] sources) =>
        [.. AllFiles(Compile(sources), out _).Where(file => file.HintName != DescriptionFile)];

    /// <summary>Fails unless the code of a contract is exactly this, apart from the lines that every contract has; the sources must compile with it.</summary>
    public static void AssertCode(string contract, string source, string expected)
    {
        Assert.That(CodeOf(Files(source).Single(file => file.HintName == contract + ".g.cs")), Is.EqualTo(expected.ReplaceLineEndings("\n")));
    }

    /// <summary>The code of a contract without the lines that every contract has.</summary>
    public static string CodeOf(GeneratedSourceResult file)
    {
        string[] common = ["#pragma warning disable", "[global::NetLoop.CompilerServices.NetContractDescription(", "[global::System.CLSCompliant(false)]"];
        return string.Concat(file.SourceText.ToString().Split('\n')
            .Where(line => !common.Any(start => line.TrimStart().StartsWith(start, StringComparison.Ordinal)))
            .Select(line => line + "\n"))[..^1];
    }

    /// <summary>The file that describes all messages of the sources; null if there is none.</summary>
    public static string? Description(params string[] sources) =>
        AllFiles(Compile(sources), out _).SingleOrDefault(file => file.HintName == DescriptionFile).SourceText?.ToString();

    /// <summary>Compiles sources and their contracts into an assembly.</summary>
    /// <param name="path">The path of the assembly.</param>
    /// <param name="sources">One file each.</param>
    public static void Emit(string path, params string[] sources)
    {
        AllFiles(Compile(sources), out Compilation output);
        Assert.That(output.Emit(path).Success, Is.True);
    }

    /// <summary>The description of an assembly that references others.</summary>
    public static string DescriptionText(string name, MetadataReference[] references, params string[] sources)
    {
        AllFiles(Compile(sources).WithAssemblyName(name).AddReferences(references), out Compilation output);
        IFieldSymbol description = output.Assembly.GetTypeByMetadataName(name + ".NetContracts")!.GetMembers("Description").OfType<IFieldSymbol>().Single();
        return (string)description.ConstantValue!;
    }

    /// <summary>The reference assembly of sources and their contracts, without private members.</summary>
    public static MetadataReference Reference(string name, params string[] sources)
    {
        AllFiles(Compile(sources).WithAssemblyName(name), out Compilation output);
        return Reference(output);
    }

    /// <summary>The same for sources without generated code.</summary>
    public static MetadataReference ReferenceWithoutGenerator(string name, params string[] sources) => Reference(Compile(sources).WithAssemblyName(name));

    private static PortableExecutableReference Reference(Compilation compilation)
    {
        using MemoryStream image = new();
        Assert.That(compilation.Emit(image, options: new EmitOptions(metadataOnly: true, includePrivateMembers: false)).Success, Is.True);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static ImmutableArray<GeneratedSourceResult> AllFiles(Compilation compilation, out Compilation output)
    {
        GeneratorDriver driver = Driver().RunGeneratorsAndUpdateCompilation(compilation, out output, out ImmutableArray<Diagnostic> findings);
        Assert.That(findings, Is.Empty);
        (ImmutableArray<Diagnostic> ours, ImmutableArray<Diagnostic> compilers) = AllFindings(output);
        Assert.That(ours, Is.Empty);
        Assert.That(compilers, Is.Empty);
        return driver.GetRunResult().Results.Single().GeneratedSources;
    }
}
