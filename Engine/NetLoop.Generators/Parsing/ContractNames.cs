using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>The names of a contract and its parts in code, in descriptions and in files.</summary>
internal static class ContractNames
{
    /// <summary>A name for a declaration. Names with only lower-case letters are escaped, because they are or may become keywords.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || name.All(letter => letter is >= 'a' and <= 'z') ? "@" + name : name;

    /// <summary>The type parameters with the names of their formatters, which differ from all other names visible to the code.</summary>
    public static IEnumerable<TypeParameterModel> TypeParameters(INamedTypeSymbol contract)
    {
        HashSet<string> taken = [];
        for (INamedTypeSymbol? type = contract; type is not null; type = type.ContainingType)
        {
            taken.UnionWith(type.TypeParameters.Select(parameter => parameter.Name));
        }

        foreach (ITypeParameterSymbol parameter in contract.TypeParameters)
        {
            string formatter = parameter.Name + LocalNames.Formatter;
            while (!taken.Add(formatter))
            {
                formatter += "_";
            }

            yield return new(Escape(parameter.Name), formatter);
        }
    }

    /// <summary>The partial declarations from the outermost type to the contract itself.</summary>
    public static IEnumerable<string> Declarations(INamedTypeSymbol contract)
    {
        Stack<string> declarations = new();
        for (INamedTypeSymbol? type = contract; type is not null; type = type.ContainingType)
        {
            string kind = type switch
            {
                { IsRecord: true, IsValueType: true } => "record struct",
                { IsRecord: true } => "record",
                { TypeKind: TypeKind.Struct } => "struct",
                { TypeKind: TypeKind.Interface } => "interface",
                _ => "class",
            };
            string parameters = string.Join(", ", type.TypeParameters.Select(Declaration));
            declarations.Push($"partial {kind} {Escape(type.Name)}{(parameters.Length == 0 ? "" : $"<{parameters}>")}");
        }

        return declarations;
    }

    /// <summary>Unique in the compilation, and a valid file name: generic arity takes the place of the angle brackets.</summary>
    public static string Hint(INamedTypeSymbol contract)
    {
        Stack<string> parts = new();
        for (INamedTypeSymbol? type = contract; type is not null; type = type.ContainingType)
        {
            parts.Push(type.Arity == 0 ? type.Name : $"{type.Name}`{type.Arity}");
        }

        for (INamespaceSymbol space = contract.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
        {
            parts.Push(space.Name);
        }

        return string.Join(".", parts) + HintNames.Extension;
    }

    /// <summary>The assembly and the definition, as named in metadata.</summary>
    public static string Key(INamedTypeSymbol contract)
    {
        string name = contract.MetadataName;
        for (INamedTypeSymbol? outer = contract.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = $"{outer.MetadataName}+{name}";
        }

        for (INamespaceSymbol space = contract.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
        {
            name = $"{space.Name}.{name}";
        }

        return $"{contract.ContainingAssembly.Name}:{name}";
    }

    /// <summary>A type as written in descriptions, with placeholders for the type parameters of the contract that contains it.</summary>
    public static string Display(ITypeSymbol type, INamedTypeSymbol contract) => string.Concat(
        type.ToDisplayParts().Select(part => part.Symbol is ITypeParameterSymbol parameter
            && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, contract.OriginalDefinition)
            ? WireTemplate.Name(parameter.Ordinal)
            : part.ToString()));

    private static string Declaration(ITypeParameterSymbol parameter) => parameter.Variance switch
    {
        VarianceKind.In => "in " + Escape(parameter.Name),
        VarianceKind.Out => "out " + Escape(parameter.Name),
        _ => Escape(parameter.Name),
    };
}
