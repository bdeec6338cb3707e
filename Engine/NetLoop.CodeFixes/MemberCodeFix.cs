using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.CodeFixes;

/// <summary>Gives a member a key, or leaves it out of the contract.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MemberCodeFix))]
[Shared]
public sealed class MemberCodeFix : ContractCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["NL0004", "NL0007"];

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        if (Declaration(found) is not { } declaration)
        {
            return;
        }

        if (diagnostic.Properties.TryGetValue(FixProperty, out string? key) && key is not null)
        {
            Offer(context, diagnostic, root, $"Give it the key {key}", declaration, WithAttribute(declaration, $"Key({key})"));
        }

        SyntaxNode? unkeyed = FindAttribute(declaration, "Key") is { Parent: AttributeListSyntax { Attributes.Count: 1 } list }
            ? declaration.RemoveNode(list, SyntaxRemoveOptions.KeepLeadingTrivia)
            : FindAttribute(declaration, "Key") is null ? declaration : null;
        if (unkeyed is not null)
        {
            Offer(context, diagnostic, root, "Ignore it: it is not sent", declaration, WithAttribute(unkeyed, "IgnoreMember"));
        }
    }

    // The attribute goes before everything else in the declaration, after the comments.
    private static SyntaxNode WithAttribute(SyntaxNode declaration, string attribute)
    {
        string target = declaration is ParameterSyntax ? "property: " : "";
        AttributeListSyntax list = SyntaxFactory.ParseMemberDeclaration($"[{target}{attribute}] int x;")!.AttributeLists[0]
            .WithLeadingTrivia(declaration.GetLeadingTrivia());
        SyntaxNode bare = declaration.WithoutLeadingTrivia();
        return bare switch
        {
            ParameterSyntax parameter => parameter.WithAttributeLists(parameter.AttributeLists.Insert(0, list)),
            MemberDeclarationSyntax member => member.WithAttributeLists(member.AttributeLists.Insert(0, list)),
            _ => declaration,
        };
    }
}
