using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.Generators.Parsing;

/// <summary>Whether the code of a type gives a member another value than its default, which may hold a null that the member's type rules out.</summary>
internal static class InitialValue
{
    /// <summary>True when it does, and also when only a run of the code could tell: a reference that is null can still be found then.</summary>
    public static bool MayBeGiven(SourceMember member)
    {
        ConstructorDeclarationSyntax[] constructors =
        [
            .. member.Symbol.ContainingType.InstanceConstructors
                .SelectMany(constructor => constructor.DeclaringSyntaxReferences)
                .Select(reference => reference.GetSyntax())
                .OfType<ConstructorDeclarationSyntax>(),
        ];
        return HasInitializer(member.Symbol)
            || (member.Type.IsNonNullReference
                ? constructors.Length > 0 || member.Symbol.DeclaringSyntaxReferences.IsEmpty
                : constructors.Any(constructor => Assigns(constructor, member.Name)));
    }

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
