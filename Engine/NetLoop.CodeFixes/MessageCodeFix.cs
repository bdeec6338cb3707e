using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.CodeFixes;

/// <summary>Turns a contract that is declared as a request into a message.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MessageCodeFix))]
[Shared]
public sealed class MessageCodeFix : ContractCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["NL0020"];

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        if (diagnostic.Properties.TryGetValue(FixProperty, out string? number) && number is not null
            && Declaration(found) is { } declaration && FindAttribute(declaration, "NetContract") is { } attribute)
        {
            AttributeSyntax message = SyntaxFactory.Attribute(SyntaxFactory.ParseName("NetMessage"), SyntaxFactory.ParseAttributeArgumentList($"({number})"))
                .WithTriviaFrom(attribute);
            Offer(context, diagnostic, root, $"Mark it [NetMessage({number})]", attribute, message);
        }
    }
}
