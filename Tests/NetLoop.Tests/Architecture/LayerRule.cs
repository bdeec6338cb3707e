using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>Which folder may use which, by the folder in which a symbol is declared.</summary>
internal static class LayerRule
{
    /// <summary>A folder may use itself and the folders listed here. No two folders may use each other, even indirectly.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> MayUse = new Dictionary<string, string[]>
    {
        ["Diagnostics"] = [],
        ["Sending"] = [],
        ["Containers"] = [],
        ["Time"] = ["Containers", "Diagnostics"],
        ["Stack"] = ["Diagnostics"],
        ["Framing"] = ["Diagnostics"],
        ["Buffers"] = ["Diagnostics"],
        ["MessagePack"] = ["Sending", "Buffers", "Diagnostics"],
        ["Transports"] = ["Sending", "Time", "Buffers", "Stack", "Framing", "Containers", "Diagnostics"],
        ["Messaging"] = ["Sending", "Transports", "MessagePack", "Buffers", "Time", "Diagnostics"],
        ["Sessions"] = ["Sending", "Messaging", "Transports", "MessagePack", "Framing", "Buffers", "Stack", "Time", "Containers", "Diagnostics"],
        ["Handlers"] = ["Sending", "Sessions", "Messaging", "Transports", "MessagePack", "Framing", "Buffers", "Stack", "Time", "Diagnostics"],
        ["Hosting"] =
        [
            "Handlers", "Sessions", "Messaging", "Transports", "MessagePack", "Framing", "Buffers", "Sending", "Stack", "Time", "Diagnostics",
        ],
    };

    public static IEnumerable<string> Check(EngineSources sources)
    {
        foreach (SymbolUse type in sources.DeclaredTypes().Where(type => !MayUse.ContainsKey(type.Station)))
        {
            yield return $"{type.Place}: the folder '{type.Folder}' has no level; move the file, or give its folder one in {nameof(LayerRule)}";
        }

        foreach (SymbolUse use in sources.Uses())
        {
            if (StationOf(use.Symbol) is { } used
                && used != use.Station
                && MayUse.TryGetValue(use.Station, out string[]? allowed)
                && !allowed.Contains(used))
            {
                string others = allowed.Length == 0 ? "no other folder" : $"only {string.Join(", ", allowed)}";
                yield return $"{use.Place}: {use.Station} uses {Name(use.Symbol)} of {used}; it may use {others}";
            }
        }
    }

    private static string? StationOf(ISymbol symbol)
    {
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        SyntaxReference? declaration = type?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault();
        return declaration is null ? null : new SymbolUse(declaration.SyntaxTree.FilePath, string.Empty, symbol).Station;
    }

    private static string Name(ISymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
