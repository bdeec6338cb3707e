using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.Generators.Parsing;

/// <summary>
/// Decides whether the code of a type gives a member a value other than its default, which may contain a null that the member's type rules out.
/// </summary>
internal static class InitialValue
{
    /// <summary>True if it does, and also if that is known only at run time; a null reference can still be detected then.</summary>
    /// <param name="member">A member that the chosen constructor has no parameter for.</param>
    /// <param name="contract">The type that is built; the member may belong to one of its base types.</param>
    public static bool MayBeGiven(SourceMember member, INamedTypeSymbol contract)
    {
        ConstructorDeclarationSyntax[] constructors =
        [
            .. Lineage(contract, member.Symbol.ContainingType)
                .SelectMany(type => type.InstanceConstructors)
                .SelectMany(constructor => constructor.DeclaringSyntaxReferences)
                .Select(reference => reference.GetSyntax())
                .OfType<ConstructorDeclarationSyntax>(),
        ];
        return HasInitializer(member.Symbol)
            || (member.Type.IsNonNullReference || member.Type.MissingValue == "default"
                ? constructors.Length > 0 || IsWrittenElsewhere(member.Symbol)
                : constructors.Any(constructor => Assigns(constructor, member.Name)));
    }

    // All types from the contract up to the type that declares a member.
    private static IEnumerable<INamedTypeSymbol> Lineage(INamedTypeSymbol contract, INamedTypeSymbol declaring)
    {
        for (INamedTypeSymbol? type = contract; type is not null; type = type.BaseType)
        {
            yield return type;
            if (SymbolEqualityComparer.Default.Equals(type, declaring))
            {
                yield break;
            }
        }
    }

    // Whether the member is declared in another assembly, or has an accessor that may return anything.
    private static bool IsWrittenElsewhere(ISymbol member) => member.DeclaringSyntaxReferences.IsEmpty
        || member.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax())
            .OfType<PropertyDeclarationSyntax>()
            .Any(property => property.ExpressionBody is not null
                || property.AccessorList?.Accessors.Any(accessor => accessor.Body is not null || accessor.ExpressionBody is not null) == true);

    private static bool HasInitializer(ISymbol member) => member.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax())
        .Select(declaration => declaration switch
        {
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            VariableDeclaratorSyntax field => field.Initializer?.Value,
            _ => null,
        })
        .Any(value => value is not null && !IsDefault(value));

    private static bool IsDefault(ExpressionSyntax value) => value switch
    {
        PostfixUnaryExpressionSyntax suppressed => IsDefault(suppressed.Operand),
        ParenthesizedExpressionSyntax inner => IsDefault(inner.Expression),
        _ => value.Kind() is SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression or SyntaxKind.DefaultExpression,
    };

    private static bool Assigns(ConstructorDeclarationSyntax constructor, string member) => constructor.DescendantNodes()
        .OfType<AssignmentExpressionSyntax>()
        .Any(assignment => assignment.Left.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == member));
}
