using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>The members of a contract whose keys are their names: the members that MessagePack-CSharp sends, in its order.</summary>
internal static class NamedMembers
{
    /// <summary>Chooses the members that MessagePack-CSharp sends: base types first, then properties before fields.</summary>
    public static IEnumerable<ISymbol> Choose(INamedTypeSymbol contract, IEnumerable<ISymbol> found)
    {
        List<ISymbol> readable = [.. found.Where(IsReadable)];
        HashSet<string> passed = [.. PassedToConstructor(contract, readable)];
        return readable
            .Where(member => IsWritable(member) || passed.Contains(member.Name))
            .OrderBy(member => Level(member.ContainingType))
            .ThenBy(member => member is IFieldSymbol);
    }

    /// <summary>Whether a member is public to MessagePack-CSharp, which looks at the accessors of properties.</summary>
    public static bool IsReadable(ISymbol member) => !member.IsStatic && member switch
    {
        IFieldSymbol field => field.DeclaredAccessibility == Accessibility.Public,
        IPropertySymbol property => property.GetMethod is { DeclaredAccessibility: Accessibility.Public },
        _ => false,
    };

    private static bool IsWritable(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsReadOnly,
        IPropertySymbol property => property.SetMethod is { DeclaredAccessibility: Accessibility.Public },
        _ => false,
    };

    // MessagePack-CSharp takes the constructor with the most parameters that all match members, by name and type.
    private static IEnumerable<string> PassedToConstructor(INamedTypeSymbol contract, List<ISymbol> members)
    {
        IEnumerable<IMethodSymbol> constructors = contract.InstanceConstructors.FirstOrDefault(KnownNames.IsForConstruction) is { } marked
            ? [marked]
            : contract.InstanceConstructors
                .Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public)
                .OrderByDescending(constructor => constructor.Parameters.Length);
        foreach (IMethodSymbol constructor in constructors)
        {
            List<ISymbol> passed = [.. constructor.Parameters.Select(parameter => members.Find(member => Takes(parameter, member))).OfType<ISymbol>()];
            if (passed.Count == constructor.Parameters.Length)
            {
                return passed.Select(member => member.Name);
            }
        }

        return [];
    }

    private static bool Takes(IParameterSymbol parameter, ISymbol member) =>
        string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase)
        && SymbolEqualityComparer.Default.Equals(parameter.Type, (member as IPropertySymbol)?.Type ?? ((IFieldSymbol)member).Type);

    private static int Level(INamedTypeSymbol? type)
    {
        int level = 0;
        for (; type?.BaseType is not null; type = type.BaseType)
        {
            level++;
        }

        return level;
    }
}
