using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.CodeFixes;

/// <summary>Gives the members of a contract init accessors, so that it can be built without a constructor for them.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SettableCodeFix))]
[Shared]
public sealed class SettableCodeFix : ContractCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["NL0006"];

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        // Only if the members are the only obstacle: there must be a constructor without parameters, declared or implicit.
        if (found.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { ParameterList: null } type || !HasPlainConstructor(type))
        {
            return;
        }

        PropertyDeclarationSyntax[] readOnly =
        [
            .. type.Members.OfType<PropertyDeclarationSyntax>().Where(property => FindAttribute(property, "Key") is not null
                && property.AccessorList is { Accessors.Count: 1 } list && IsAutomaticGetter(list.Accessors[0])),
        ];
        if (readOnly.Length > 0)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Give its members init accessors",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNodes(readOnly, static (_, property) => WithInit(property)))),
                    diagnostic.Id),
                diagnostic);
        }
    }

    private static bool IsAutomaticGetter(AccessorDeclarationSyntax accessor) =>
        accessor is { Body: null, ExpressionBody: null } && accessor.IsKind(SyntaxKind.GetAccessorDeclaration);

    private static bool HasPlainConstructor(TypeDeclarationSyntax type)
    {
        ConstructorDeclarationSyntax[] constructors =
        [
            .. type.Members.OfType<ConstructorDeclarationSyntax>().Where(one => !one.Modifiers.Any(SyntaxKind.StaticKeyword))
        ];
        return type is StructDeclarationSyntax || constructors.Length == 0 || constructors.Any(one => one.ParameterList.Parameters.Count == 0);
    }

    private static PropertyDeclarationSyntax WithInit(PropertyDeclarationSyntax property) => property.WithAccessorList(
        property.AccessorList!.AddAccessors(
            SyntaxFactory.AccessorDeclaration(SyntaxKind.InitAccessorDeclaration)
                .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken).WithTrailingTrivia(SyntaxFactory.Space))));
}
