using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Decides whether the default value of a type is, or contains, a null that the type rules out.</summary>
internal static class NullHolder
{
    /// <summary>Whether the default value contains such a null; only a constructor of the type can then create a valid value.</summary>
    public static bool HoldsNull(ITypeSymbol type, Dependencies dependencies) => HoldsNull(type, dependencies, new(SymbolEqualityComparer.Default));

    // The compiler reports a struct that contains itself; this method must only terminate.
    private static bool HoldsNull(ITypeSymbol type, Dependencies dependencies, HashSet<ITypeSymbol> around) => type switch
    {
        { NullableAnnotation: not NullableAnnotation.NotAnnotated, IsValueType: false } => false,
        { IsReferenceType: true } => true,
        ITypeParameterSymbol parameter => !parameter.HasUnmanagedTypeConstraint,
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => false,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(element => HoldsNull(element.Type, dependencies, around)),
        INamedTypeSymbol named when KnownTypes.IsUnusableByDefault(named) => true,
        INamedTypeSymbol named when KnownTypes.FindPairs(named) is not null => named.TypeArguments.Any(argument => HoldsNull(argument, dependencies, around)),
        INamedTypeSymbol named when CodecParser.Of(named) is not null => false,
        INamedTypeSymbol named when ContractTypes.IsContract(named) && around.Add(named) => FieldsHoldNull(named, dependencies, around),
        _ => false,
    };

    private static bool FieldsHoldNull(INamedTypeSymbol type, Dependencies dependencies, HashSet<ITypeSymbol> around)
    {
        dependencies.Add(type);
        return type.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && HoldsNull(field.Type, dependencies, around));
    }
}
