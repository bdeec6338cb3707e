using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>The state of parsing one contract: the known facts and the diagnostics of its parts.</summary>
internal sealed class ParseScope(INamedTypeSymbol contract, Compilation compilation)
{
    public INamedTypeSymbol Contract { get; } = contract;

    public Compilation Compilation { get; } = compilation;

    public IReadOnlyList<TypeParameterModel> TypeParameters { get; } = [.. ContractNames.TypeParameters(contract)];

    public List<Diagnostic> Findings { get; } = [];

    public Dependencies Dependencies { get; } = new();

    /// <summary>The contracts inside this one.</summary>
    public HashSet<ContractReference> Reached { get; } = [];

    /// <summary>Whether a contract inside cannot get code, which has its own diagnostic.</summary>
    public bool HoldsUnimplementable { get; set; }

    /// <summary>Whether a type inside may be used only by obsolete code.</summary>
    public bool UsesObsolete { get; set; }

    /// <summary>Whether the contract's own code may use a symbol.</summary>
    public bool CanReach(ISymbol symbol) => Compilation.IsSymbolAccessibleWithin(symbol, Contract);

    /// <summary>The location of a diagnostic about a symbol: the symbol itself, or the contract if another assembly declares the symbol.</summary>
    public Location? LocationOf(ISymbol symbol)
    {
        bool isOwn = SymbolEqualityComparer.Default.Equals(symbol.ContainingType?.OriginalDefinition, Contract.OriginalDefinition);
        foreach (Location location in (isOwn ? symbol : Contract).Locations)
        {
            if (location.IsInSource)
            {
                return location;
            }
        }

        return null;
    }
}
