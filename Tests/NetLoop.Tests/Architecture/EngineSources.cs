using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NetLoop.Tests.Architecture;

/// <summary>The engine's source files, compiled in memory so that every name can be resolved to its symbol.</summary>
/// <remarks>
/// Sources written by generators are left out: their declarations are known from the parts in the engine, and missing bodies do not hinder
/// resolving names. Paths are relative to <c>Engine/NetLoop</c>, with slashes.
/// </remarks>
internal sealed class EngineSources
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using IgnoreMemberAttribute = MessagePack.IgnoreMemberAttribute;
        global using KeyAttribute = MessagePack.KeyAttribute;
        global using SerializationConstructorAttribute = MessagePack.SerializationConstructorAttribute;
        global using UnionAttribute = MessagePack.UnionAttribute;
        """;

    // The references of the test process, without the assemblies that are built from this repository.
    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("netloop", StringComparison.OrdinalIgnoreCase))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private readonly CSharpCompilation _compilation;
    private readonly SyntaxTree[] _trees;
    private readonly Lazy<SymbolUse[]> _uses;

    public EngineSources(params (string Path, string Text)[] files)
    {
        _trees = [.. files.Select(file => Parse(file.Text, file.Path))];
        _compilation = CSharpCompilation.Create(
            "NetLoop.Engine.Rules",
            [.. _trees, Parse(ImplicitUsings, "ImplicitUsings.cs")],
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        _uses = new Lazy<SymbolUse[]>(FindUses);
    }

    /// <summary>Loads <c>Engine/NetLoop</c> of the repository from which the test assembly was built.</summary>
    public static EngineSources Load()
    {
        string root = Path.Combine(FindRepository(), "Engine", "NetLoop");
        return new EngineSources(
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Select(file => (Path: Path.GetRelativePath(root, file).Replace('\\', '/'), File: file))
                .Where(file => !file.Path.StartsWith("obj/", StringComparison.Ordinal) && !file.Path.StartsWith("bin/", StringComparison.Ordinal))
                .OrderBy(file => file.Path, StringComparer.Ordinal)
                .Select(file => (file.Path, File.ReadAllText(file.File))),
        ]);
    }

    /// <summary>Names that the compiler cannot resolve. If there are any, the rules would miss violations.</summary>
    public IEnumerable<string> UnknownNames() => _compilation.GetDiagnostics()
        .Where(diagnostic => diagnostic.Id is "CS0103" or "CS0234" or "CS0246")
        .Select(diagnostic => $"{Place(diagnostic.Location)}: {diagnostic.GetMessage(null)}");

    /// <summary>Returns what an analyzer finds in the sources.</summary>
    public IEnumerable<Diagnostic> Analyze(DiagnosticAnalyzer analyzer, AnalyzerOptions options) =>
        _compilation.WithAnalyzers([analyzer], options).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();

    /// <summary>Whether a documentation ID, such as <c>T:System.Random</c>, can be resolved.</summary>
    public bool IsKnown(string id) => !DocumentationCommentId.GetSymbolsForDeclarationId(id, _compilation).IsEmpty;

    /// <summary>Every place at which a type or member is used.</summary>
    public IReadOnlyList<SymbolUse> Uses() => _uses.Value;

    /// <summary>Every type that the sources declare, including nested ones; a partial type once for each part.</summary>
    public IEnumerable<SymbolUse> DeclaredTypes() => Find(
        node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax,
        (model, node) => model.GetDeclaredSymbol(node));

    /// <summary>Every method, local function and lambda that is async and returns void.</summary>
    public IEnumerable<SymbolUse> AsyncVoidFunctions() => Find(
        node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax,
        (model, node) => model.GetDeclaredSymbol(node) ?? model.GetSymbolInfo(node).Symbol)
        .Where(function => function.Symbol is IMethodSymbol { IsAsync: true, ReturnsVoid: true });

    /// <summary>File and line, for messages.</summary>
    public static string Place(Location location)
    {
        FileLinePositionSpan span = location.GetLineSpan();
        return $"Engine/NetLoop/{span.Path}:{span.StartLinePosition.Line + 1}";
    }

    private SymbolUse[] FindUses() =>
    [
        .. Find(
            node => node is SimpleNameSyntax { IsVar: false } or BaseObjectCreationExpressionSyntax,
            (model, node) =>
            {
                // If the overload of a call depends on generated code, the call still names its candidates.
                SymbolInfo info = model.GetSymbolInfo(node);
                return info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
            }),
    ];

    private ParallelQuery<SymbolUse> Find(Func<SyntaxNode, bool> matches, Func<SemanticModel, SyntaxNode, ISymbol?> resolve) =>
        _trees.AsParallel().AsOrdered().SelectMany(tree =>
        {
            SemanticModel model = _compilation.GetSemanticModel(tree);
            return tree.GetRoot()
                .DescendantNodes(node => node is not UsingDirectiveSyntax)
                .Where(matches)
                .Select(node => (Node: node, Symbol: resolve(model, node)))
                .Where(found => found.Symbol is not null)
                .Select(found => new SymbolUse(tree.FilePath, Place(found.Node.GetLocation()), found.Symbol!));
        });

    private static SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp14), path);

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NetLoop.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has a NetLoop.sln; the tests run inside the repository.");
    }
}
