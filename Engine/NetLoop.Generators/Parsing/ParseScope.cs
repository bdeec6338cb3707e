using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>One contract while it is parsed: the known facts, and the findings of its parts.</summary>
internal sealed class ParseScope(INamedTypeSymbol contract, Compilation compilation)
{
    public INamedTypeSymbol Contract { get; } = contract;

    public Compilation Compilation { get; } = compilation;

    public IReadOnlyList<TypeParameterModel> TypeParameters { get; } = [.. ContractNames.TypeParameters(contract)];

    public List<Diagnostic> Findings { get; } = [];

    public Dependencies Dependencies { get; } = new();

    /// <summary>The contracts inside.</summary>
    public HashSet<ContractReference> Reached { get; } = [];

    /// <summary>Something inside is a contract that no code can be added to, which is a finding of its own.</summary>
    public bool HoldsUnimplementable { get; set; }

    /// <summary>Something inside may only be used by obsolete code.</summary>
    public bool UsesObsolete { get; set; }

    /// <summary>Whether the contract's own code may use a symbol.</summary>
    public bool CanReach(ISymbol symbol) => Compilation.IsSymbolAccessibleWithin(symbol, Contract);

    /// <summary>Where a finding about a symbol belongs: on it, or on the contract when it is somebody else's.</summary>
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
