using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NetLoop.Generators;

/// <summary>Finds the name and namespace of the class with the descriptions of an assembly's messages.</summary>
internal static class ContractsClass
{
    /// <summary>The name of the class.</summary>
    public const string Name = "NetContracts";

    /// <summary>The oldest language version that compiles the generated code.</summary>
    public const LanguageVersion MinLanguage = LanguageVersion.CSharp12;

    /// <summary>The namespace of the class: empty for the global one; null if there is no place for the class or no need for it.</summary>
    public static string? NamespaceOf(Compilation compilation, AnalyzerConfigOptions options) =>
        compilation.AssemblyName == KnownNames.EngineAssembly || FindOwn(compilation, options) is not null ? null : Wanted(compilation, options);

    /// <summary>A type of the project that already has the name; null if there is none.</summary>
    public static INamedTypeSymbol? FindOwn(Compilation compilation, AnalyzerConfigOptions options) =>
        compilation.Assembly.GetTypeByMetadataName(FullName(compilation, options)) is { } type
            && !type.DeclaringSyntaxReferences.Any(
                reference => reference.SyntaxTree.FilePath.EndsWith(Name + HintNames.Extension, System.StringComparison.Ordinal))
            ? type
            : null;

    /// <summary>A referenced assembly whose class has the same full name; null if there is none.</summary>
    public static IAssemblySymbol? FindOther(Compilation compilation, AnalyzerConfigOptions options) => compilation.SourceModule.ReferencedAssemblySymbols
        .FirstOrDefault(
            assembly => assembly.GetTypeByMetadataName(FullName(compilation, options)) is { } type
                && compilation.IsSymbolAccessibleWithin(type, compilation.Assembly));

    /// <summary>The full name of the class in code.</summary>
    public static string FullName(Compilation compilation, AnalyzerConfigOptions options) =>
        (Wanted(compilation, options) is { Length: > 0 } space ? space + "." : "") + Name;

    private static string Wanted(Compilation compilation, AnalyzerConfigOptions options)
    {
        string? name = options.TryGetValue("build_property.NetContractsNamespace", out string? own) && own.Length > 0 ? own
            : options.TryGetValue("build_property.RootNamespace", out string? root) ? root
            : compilation.AssemblyName;
        return name is null or "" ? "" : string.Join(".", name.Split('.').Select(ToIdentifier));
    }

    // A project may be named 3d-game; a namespace may not.
    private static string ToIdentifier(string part)
    {
        string letters = new([.. part.Select(unit => SyntaxFacts.IsIdentifierPartCharacter(unit) ? unit : '_')]);
        bool isIdentifier = SyntaxFacts.IsValidIdentifier(letters) && SyntaxFacts.GetKeywordKind(letters) == SyntaxKind.None;
        return isIdentifier ? letters : "_" + letters;
    }
}
