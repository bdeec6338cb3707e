using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Decides which types are contracts, and whether their code exists or can be generated.</summary>
internal static class ContractTypes
{
    /// <summary>Whether a type's MessagePack code is generated or written by hand.</summary>
    public static bool IsContract(INamedTypeSymbol type) => KnownNames.ContractAttribute(type) is not null || Implements(type);

    /// <summary>Whether the formatter of a generic contract is a nested type, composed of the formatters of its type arguments.</summary>
    public static bool HasNestedFormatter(INamedTypeSymbol type) => type.Arity > 0 && (KnownNames.ContractAttribute(type) is not null || !Implements(type));

    /// <summary>The advice for a contract of another assembly that has no code; null if it can be used.</summary>
    public static string? Unusable(INamedTypeSymbol type, IAssemblySymbol user) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, user) || Implements(type) || type.GetTypeMembers(LocalNames.NestedFormatter).Length > 0
            ? null
            : $"'{type.ContainingAssembly.Name}', where '{type.Name}' is declared, was built without NetLoop's generator; reference the package "
                + "NetLoop.Engine there";

    /// <summary>Whether a contract has code or will get generated code, even code that only throws.</summary>
    public static bool IsImplemented(INamedTypeSymbol type, IAssemblySymbol user) =>
        !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, user) || KnownNames.ContractAttribute(type) is null
        || (Unimplementable(type.OriginalDefinition) is null && IsPartial(type.OriginalDefinition));

    /// <summary>The reason why no generated code can make a type a contract, whatever its members are; null if it can.</summary>
    public static string? Unimplementable(INamedTypeSymbol type)
    {
        string? reason = type switch
        {
            { IsStatic: true } => "it is static; mark a type that has values",
            { IsRefLikeType: true } => "a ref struct cannot leave the stack; make it an ordinary struct",
            _ when KnownNames.IsInlineArray(type) =>
                "it is an inline array, of which only the first element would be sent; make its elements members, or send an array",
            _ when Implements(type) && !type.GetMembers().Any(IsGenerated) => "it implements INetContract itself; remove that, or the attribute",
            { Arity: > 0, Name: LocalNames.NestedFormatter } =>
                $"its formatter is named '{LocalNames.NestedFormatter}'; give the contract another name",
            { Arity: > 0 } when type.GetMembers(LocalNames.NestedFormatter).Any(member => !IsGenerated(member)) =>
                $"its formatter is named '{LocalNames.NestedFormatter}'; give its member another name",
            _ => null,
        };
        for (INamedTypeSymbol? outer = type; outer is not null && reason is null; outer = outer.ContainingType)
        {
            reason = outer.IsFileLocal ? "it is local to its file, which no other file can add to; make it internal" : null;
        }

        return reason;
    }

    /// <summary>Whether a type and all types around it are partial.</summary>
    public static bool IsPartial(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (!KnownNames.IsPartial(outer))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Implements(INamedTypeSymbol type)
    {
        foreach (INamedTypeSymbol implemented in type.AllInterfaces)
        {
            if (KnownNames.IsContractInterface(implemented) && SymbolEqualityComparer.Default.Equals(implemented.TypeArguments[0], type))
            {
                return true;
            }
        }

        return false;
    }

    // The analyzer sees the code that the generator has added.
    private static bool IsGenerated(ISymbol member) =>
        member.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree.FilePath.Contains(nameof(ContractGenerator)));
}
