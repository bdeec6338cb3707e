using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>
/// Public types are in namespace NetLoop, so that an application needs one using; those that only generated code uses are in
/// NetLoop.CompilerServices; internal types are in the namespace of their folder.
/// </summary>
internal static class NamespaceRule
{
    private static readonly string[] OfGeneratedCode =
        ["FixedLayout", "FixedLayoutReader", "INetFormatter", "NetContractDescriptionAttribute", "NetFormatters"];

    public static IEnumerable<string> Check(EngineSources sources)
    {
        foreach (SymbolUse declared in sources.DeclaredTypes().Where(declared => declared.Symbol.ContainingType is null))
        {
            bool isPublic = declared.Symbol.DeclaredAccessibility == Accessibility.Public;
            string expected = isPublic
                ? (OfGeneratedCode.Contains(declared.Symbol.Name) ? "NetLoop.CompilerServices" : "NetLoop")
                : (declared.Folder.Length == 0 ? "NetLoop" : $"NetLoop.{declared.Folder.Replace('/', '.')}");
            string actual = declared.Symbol.ContainingNamespace.ToDisplayString();
            if (actual != expected)
            {
                string kind = isPublic ? "public" : "internal";
                yield return $"{declared.Place}: the {kind} type {declared.Symbol.Name} is in namespace {actual}; it belongs in {expected}";
            }
        }
    }
}
