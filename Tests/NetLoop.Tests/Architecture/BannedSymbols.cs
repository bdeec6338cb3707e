using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using NetLoop.Tests.Demo;

namespace NetLoop.Tests.Architecture;

/// <summary>The engine's list of banned symbols, and the analyzer that reads it in the build.</summary>
internal sealed class BannedSymbols : AdditionalText
{
    private static readonly Lazy<DiagnosticAnalyzer> Analyzer = new(Load);

    public override string Path => System.IO.Path.Combine(Repository.Root, "Engine", "NetLoop", "BannedSymbols.txt");

    /// <summary>The symbols in the form of the list: <c>T:System.Random</c>.</summary>
    public IEnumerable<string> Ids => File.ReadLines(Path).Select(static line => line.Split(';')[0]);

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(File.ReadAllText(Path));

    /// <summary>Returns the build's diagnostics for these sources.</summary>
    public IEnumerable<string> Check(EngineSources sources) => sources
        .Analyze(Analyzer.Value, new AnalyzerOptions(ImmutableArray.Create<AdditionalText>(this)))
        .Select(static diagnostic => $"{EngineSources.Place(diagnostic.Location)}: {diagnostic.Id} {diagnostic.GetMessage(null)}");

    // The build copies the analyzer into the tests' folder.
    private static DiagnosticAnalyzer Load()
    {
        string folder = System.IO.Path.Combine(AppContext.BaseDirectory, "analyzers");
        var assembly = Assembly.LoadFrom(System.IO.Path.Combine(folder, "Microsoft.CodeAnalysis.CSharp.BannedApiAnalyzers.dll"));
        Type type = assembly.GetTypes().Single(static type => type.Name == "CSharpSymbolIsBannedAnalyzer");
        return (DiagnosticAnalyzer)Activator.CreateInstance(type)!;
    }
}
