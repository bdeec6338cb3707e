using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds out whether the default of a type is, or has inside, a null that the type rules out.</summary>
internal static class NullHolder
{
    /// <summary>Nobody but its own constructor can make such a struct whole.</summary>
    public static bool HoldsNull(ITypeSymbol type, Dependencies dependencies) => HoldsNull(type, dependencies, new(SymbolEqualityComparer.Default));

    // A struct that contains itself is the compiler's to report; here it must only come to an end.
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
