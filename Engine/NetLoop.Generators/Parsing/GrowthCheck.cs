using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>
/// Finds generic contracts whose type arguments grow with each level of nesting: neither the compiler nor the runtime could finish expanding them.
/// </summary>
/// <remarks>
/// The check builds a graph of type parameters. Each type argument that contains a parameter is an edge; the edge grows if the argument is more than the
/// parameter itself. A cycle with a growing edge never ends. Source: ECMA-335, II.9.2, which has the same rule for base classes.
/// </remarks>
internal sealed class GrowthCheck
{
    private readonly Dictionary<ITypeParameterSymbol, List<(ITypeParameterSymbol To, bool Grows)>> _edges = new(SymbolEqualityComparer.Default);

    public static bool Grows(INamedTypeSymbol contract)
    {
        if (contract.Arity == 0)
        {
            return false;
        }

        GrowthCheck check = new();
        check.AddContract(contract.OriginalDefinition);
        return contract.TypeParameters.Any(check.IsInGrowingCircle);
    }

    private void AddContract(INamedTypeSymbol definition)
    {
        if (definition.TypeParameters.Any(_edges.ContainsKey))
        {
            return;
        }

        foreach (ITypeParameterSymbol parameter in definition.TypeParameters)
        {
            _edges.Add(parameter, []);
        }

        bool usesNames = KnownNames.UsesNamesAsKeys(definition);
        for (INamedTypeSymbol? type = definition; type is not null; type = type.BaseType)
        {
            foreach (ISymbol member in type.GetMembers().Where(member => MemberKeys.IsSent(member, usesNames)))
            {
                AddType(member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type);
            }
        }
    }

    private void AddType(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            AddType(array.ElementType);
        }

        if (type is not INamedTypeSymbol { Arity: > 0 } named)
        {
            return;
        }

        if (ContractTypes.IsContract(named))
        {
            AddContract(named.OriginalDefinition);
            for (int index = 0; index < named.Arity; index++)
            {
                AddEdges(named.TypeArguments[index], named.OriginalDefinition.TypeParameters[index], grows: false);
            }
        }

        foreach (ITypeSymbol argument in named.TypeArguments)
        {
            AddType(argument);
        }
    }

    private void AddEdges(ITypeSymbol argument, ITypeParameterSymbol to, bool grows)
    {
        switch (argument)
        {
            case ITypeParameterSymbol from when _edges.TryGetValue(from, out var edges):
                edges.Add((to, grows));
                break;
            case IArrayTypeSymbol array:
                AddEdges(array.ElementType, to, grows: true);
                break;
            case INamedTypeSymbol named:
                foreach (ITypeSymbol inner in named.TypeArguments)
                {
                    AddEdges(inner, to, grows: true);
                }

                break;
        }
    }

    private bool IsInGrowingCircle(ITypeParameterSymbol start)
    {
        HashSet<(ITypeParameterSymbol, bool)> seen = [];
        Stack<(ITypeParameterSymbol At, bool HasGrown)> open = new([(start, false)]);
        while (open.Count > 0)
        {
            (ITypeParameterSymbol at, bool hasGrown) = open.Pop();
            foreach ((ITypeParameterSymbol to, bool grows) in _edges[at])
            {
                bool grown = hasGrown || grows;
                if (grown && SymbolEqualityComparer.Default.Equals(to, start))
                {
                    return true;
                }

                if (seen.Add((to, grown)))
                {
                    open.Push((to, grown));
                }
            }
        }

        return false;
    }
}
