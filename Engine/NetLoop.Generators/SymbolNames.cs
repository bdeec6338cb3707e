using Microsoft.CodeAnalysis;

namespace NetLoop.Generators;

/// <summary>Compares types with names without building strings, because this happens for every attribute of every member.</summary>
internal static class SymbolNames
{
    /// <summary>Whether a type that is not nested has this name, whatever its arity.</summary>
    public static bool Is(this ITypeSymbol? type, string space, string name) =>
        type is not null && type.Name == name && type.ContainingType is null && type.ContainingNamespace.IsNamed(space);

    /// <summary>Whether a namespace has this name; empty for the global one.</summary>
    public static bool IsNamed(this INamespaceSymbol? space, string name)
    {
        int end = name.Length;
        while (space is { IsGlobalNamespace: false })
        {
            int start = end - space.Name.Length;
            if (start < 0 || string.CompareOrdinal(name, start, space.Name, 0, space.Name.Length) != 0 || (start > 0 && name[start - 1] != '.'))
            {
                return false;
            }

            end = start > 0 ? start - 1 : 0;
            space = space.ContainingNamespace;
        }

        return end == 0;
    }

    /// <summary>Whether a type belongs to the base library.</summary>
    public static bool IsOfTheSystem(this ITypeSymbol type)
    {
        INamespaceSymbol? space = type.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { Name: "System" };
    }
}
