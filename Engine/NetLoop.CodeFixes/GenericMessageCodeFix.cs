using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.CodeFixes;

/// <summary>Makes a generic message a contract, which can be a member of messages.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GenericMessageCodeFix))]
[Shared]
public sealed class GenericMessageCodeFix : ContractCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["NL0010"];

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        if (Declaration(found) is { } declaration && FindAttribute(declaration, "NetMessage") is { } attribute)
        {
            AttributeSyntax contract = SyntaxFactory.Attribute(SyntaxFactory.ParseName("NetContract")).WithTriviaFrom(attribute);
            Offer(context, diagnostic, root, "Mark it [NetContract]", attribute, contract);
        }
    }
}
