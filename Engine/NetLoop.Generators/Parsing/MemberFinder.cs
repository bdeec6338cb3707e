using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the properties and fields of a contract that may be sent, and reports keys that have no effect.</summary>
internal sealed class MemberFinder(ParseScope scope, bool usesNames)
{
    private readonly INamedTypeSymbol _type = scope.Contract;
    private readonly List<ISymbol?> _found = [];
    private readonly Dictionary<string, int> _placeOf = [];

    /// <summary>Base types come first, so that a map has the order in which people read. An override replaces the member that it overrides.</summary>
    public IEnumerable<ISymbol> Find()
    {
        Stack<INamedTypeSymbol> chain = new();
        for (INamedTypeSymbol? current = _type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            chain.Push(current);
        }

        foreach (INamedTypeSymbol current in chain)
        {
            foreach (ISymbol symbol in current.GetMembers())
            {
                if (symbol is { IsImplicitlyDeclared: false } or IPropertySymbol)
                {
                    Add(symbol, isOwn: SymbolEqualityComparer.Default.Equals(current, _type));
                }
            }
        }

        List<ISymbol> found = [.. _found.OfType<ISymbol>().Where(symbol => !MemberKeys.IsIgnored(symbol))];
        ForeignBases.Check(scope, found);
        return found;
    }

    private void Add(ISymbol symbol, bool isOwn)
    {
        bool canReach = isOwn || scope.CanReach(symbol);
        bool isSendable = IsSendable(symbol, canReach);
        if (canReach && _placeOf.TryGetValue(symbol.Name, out int place))
        {
            ISymbol? earlier = _found[place];
            // Overloads and accessors hide nothing of their own type.
            if (earlier is not null && !SymbolEqualityComparer.Default.Equals(earlier.ContainingType, symbol.ContainingType))
            {
                ReportHidden(earlier, symbol);
                _found[place] = isSendable ? symbol : null;
            }
        }
        else if (isSendable)
        {
            _placeOf[symbol.Name] = _found.Count;
            _found.Add(symbol);
        }
    }

    private static bool Overrides(ISymbol symbol, ISymbol earlier) => symbol is IPropertySymbol { OverriddenProperty: { } overridden }
        && SymbolEqualityComparer.Default.Equals(overridden, earlier);

    private bool IsSendable(ISymbol symbol, bool canReach)
    {
        if (symbol is not (IPropertySymbol { IsIndexer: false } or IFieldSymbol))
        {
            return false;
        }

        string? reason = symbol switch
        {
            { IsStatic: true } => "it is static, and only instance members are sent; remove the key",
            IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false } =>
                "it implements an interface explicitly, so only a cast could reach it; put the key on a property of the type itself",
            _ when !canReach => $"it is a member of '{symbol.ContainingType.Name}' that '{_type.Name}' cannot reach; make it protected or public",
            _ => null,
        };
        if (reason is not null && MemberKeys.Find(symbol) is not null)
        {
            Report(symbol, reason);
        }

        return reason is null;
    }

    private void ReportHidden(ISymbol hidden, ISymbol by)
    {
        if (!Overrides(by, hidden) && MemberKeys.IsSent(hidden, usesNames))
        {
            Report(hidden, $"'{by.ContainingType.Name}.{by.Name}' hides it; give one of them another name, or make the later one an override");
        }
    }

    private void Report(ISymbol symbol, string reason) => scope.Findings.Add(Diagnostic.Create(
        Diagnostics.UnsentMember, scope.LocationOf(symbol), messageArgs: [symbol.Name, reason]));
}
