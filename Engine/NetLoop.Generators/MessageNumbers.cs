using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators;

/// <summary>The type numbers of all messages of a compilation: which message has which number, and which numbers are free.</summary>
internal sealed class MessageNumbers
{
    public const int MinOfApplication = 64;
    public const int Max = 65_535;

    private readonly Dictionary<int, INamedTypeSymbol> _firsts = [];
    private readonly Dictionary<INamedTypeSymbol, int> _replacements = new(SymbolEqualityComparer.Default);
    private readonly HashSet<int> _taken = [];

    public MessageNumbers(Compilation compilation)
    {
        Dictionary<SyntaxTree, int> places = [];
        foreach (SyntaxTree file in compilation.SyntaxTrees)
        {
            places[file] = places.Count;
        }

        List<(INamedTypeSymbol Type, int Number)> claims =
        [
            .. Types(compilation.Assembly.GlobalNamespace)
                .Select(type => (Type: type, Attribute: type.GetAttributes().FirstOrDefault(KnownNames.IsNetMessage)))
                .Where(claim => claim.Attribute is { ConstructorArguments: [{ Value: int }] })
                .OrderBy(claim => places[claim.Attribute!.ApplicationSyntaxReference!.SyntaxTree])
                .ThenBy(claim => claim.Attribute!.ApplicationSyntaxReference!.Span.Start)
                .Select(claim => (claim.Type, (int)claim.Attribute!.ConstructorArguments[0].Value!)),
        ];
        _taken.UnionWith(claims.Select(claim => claim.Number));
        foreach ((INamedTypeSymbol type, int number) in claims)
        {
            bool isUsable = number is >= MinOfApplication and <= Max;
            if ((_firsts.ContainsKey(number) || !isUsable) && TakeFree(number) is { } free)
            {
                _replacements.Add(type, free);
            }

            if (!_firsts.ContainsKey(number))
            {
                _firsts.Add(number, type);
            }
        }
    }

    public bool HasMessages => _firsts.Count > 0;

    /// <summary>The message that had the number before this one, or null.</summary>
    public INamedTypeSymbol? EarlierThan(INamedTypeSymbol type, int number) =>
        _firsts.TryGetValue(number, out INamedTypeSymbol? first) && !SymbolEqualityComparer.Default.Equals(first, type) ? first : null;

    /// <summary>A free number, as code, for a message whose number cannot be used. Each such message gets a different one.</summary>
    public string? Replacement(INamedTypeSymbol type)
    {
        lock (_taken)
        {
            return _replacements.TryGetValue(type, out int number) ? number.ToString(CultureInfo.InvariantCulture) : null;
        }
    }

    /// <summary>Returns a free number, as code, for a type that is not a message yet. Each such type gets a different number.</summary>
    public string FreeFor(INamedTypeSymbol type)
    {
        // The analyzer calls this from several threads.
        lock (_taken)
        {
            if (!_replacements.TryGetValue(type, out int number))
            {
                number = TakeFree(_firsts.Count == 0 ? MinOfApplication : Math.Min(_firsts.Keys.Max(), Max)) ?? MinOfApplication;
                _replacements.Add(type, number);
            }

            return number.ToString(CultureInfo.InvariantCulture);
        }
    }

    // The next free number above, to keep related messages together; the lowest free one if there is none above.
    private int? TakeFree(int number)
    {
        int from = Math.Max(number, MinOfApplication);
        for (int free = from; free <= Max; free++)
        {
            if (_taken.Add(free))
            {
                return free;
            }
        }

        for (int free = MinOfApplication; free < from && free <= Max; free++)
        {
            if (_taken.Add(free))
            {
                return free;
            }
        }

        return null;
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamedTypeSymbol type => Types(type).Prepend(type),
        INamespaceSymbol inner => Types(inner),
        _ => [],
    });
}
