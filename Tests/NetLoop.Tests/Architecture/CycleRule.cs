using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>No two folders, including subfolders, may use each other, even indirectly.</summary>
internal static class CycleRule
{
    public static IEnumerable<string> Check(EngineSources sources)
    {
        var places = new Dictionary<(string From, string To), string>();
        foreach (SymbolUse use in sources.Uses())
        {
            if (FolderOf(use.Symbol) is { } used && used != use.Folder)
            {
                places.TryAdd(
                    (use.Folder, used),
                    $"{use.Place}: {use.Folder} uses {use.Symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)} of {used}");
            }
        }

        ILookup<string, string> uses = places.Keys.ToLookup(static edge => edge.From, static edge => edge.To);
        var reached = uses.ToDictionary(static folder => folder.Key, folder => Reached(folder.Key, uses));
        return places
            .Where(place => reached.TryGetValue(place.Key.To, out HashSet<string>? back) && back.Contains(place.Key.From))
            .Select(static place => $"{place.Value}, which uses it in turn")
            .Order(StringComparer.Ordinal);
    }

    private static HashSet<string> Reached(string from, ILookup<string, string> uses)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out string? folder))
        {
            foreach (string next in uses[folder].Where(reached.Add))
            {
                open.Push(next);
            }
        }

        return reached;
    }

    private static string? FolderOf(ISymbol symbol)
    {
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        SyntaxReference? declaration = type?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault();
        return declaration is null ? null : new SymbolUse(declaration.SyntaxTree.FilePath, string.Empty, symbol).Folder;
    }
}
