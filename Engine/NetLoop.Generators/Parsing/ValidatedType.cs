using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>The properties of a member's type that validation attributes depend on.</summary>
/// <param name="Type">The type without nullability.</param>
/// <param name="IsNullable">Whether its values may be null.</param>
/// <param name="LengthName">The property with its length, or one of the constants here; null if it has no length.</param>
internal sealed record ValidatedType(ITypeSymbol Type, bool IsNullable, string? LengthName)
{
    /// <summary>The length of a type without a length property.</summary>
    public const string Counted = "()";

    /// <summary>The length of a struct that throws by default when asked for it.</summary>
    public const string MaybeDefault = "?";

    public string Name => Type.ToDisplayString();

    public bool IsString => Type.SpecialType == SpecialType.System_String;

    public static ValidatedType Of(ITypeSymbol declared)
    {
        if (declared is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            return new(nullable.TypeArguments[0], true, LengthOf(nullable.TypeArguments[0]));
        }

        bool isNullable = declared.IsReferenceType && declared.NullableAnnotation != NullableAnnotation.NotAnnotated;
        return new(declared.WithNullableAnnotation(NullableAnnotation.NotAnnotated), isNullable, LengthOf(declared));
    }

    /// <summary>The check that a value matches a pattern, if it is not null.</summary>
    /// <param name="pattern">A pattern. If it combines patterns with "and" outside of braces, it must be in parentheses.</param>
    /// <param name="before">The code before the value, such as a cast.</param>
    public Model.MemberCheck Matches(string pattern, string before = "") => new(before, IsNullable ? $" is null or {pattern}" : $" is {pattern}");

    private static string? LengthOf(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } or IArrayTypeSymbol => "Length",
        INamedTypeSymbol named when named.Is("NetLoop", "BorrowedBytes") || (IsOfBytes(named) && named.Name is "Memory" or "ReadOnlyMemory") => "Length",
        INamedTypeSymbol { Name: "ArraySegment" } named when IsOfBytes(named) => "Count",
        INamedTypeSymbol named when KnownTypes.FindSequence(named) is { } sequence => sequence.Formatter switch
        {
            "Enumerable" => Counted,
            KnownTypes.ImmutableArray => MaybeDefault,
            _ => "Count",
        },
        INamedTypeSymbol named when KnownTypes.FindPairs(named) is { IsMap: true } => "Count",
        _ => null,
    };

    private static bool IsOfBytes(INamedTypeSymbol type) => type.Arity == 1 && KnownTypes.FindSimple(type) is not null;
}
