using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.CodeFixes;

/// <summary>Gives a message the next free type number, or a member the next free key.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NumberCodeFix))]
[Shared]
public sealed class NumberCodeFix : ContractCodeFix
{
    private const string DuplicateType = "NL0001";
    private const string InvalidType = "NL0005";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DuplicateType, "NL0002", InvalidType, "NL0008"];

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        string attributeName = diagnostic.Id is DuplicateType or InvalidType ? "NetMessage" : "Key";
        if (diagnostic.Properties.TryGetValue(FixProperty, out string? number) && number is not null
            && Declaration(found) is { } declaration
            && FindAttribute(declaration, attributeName)?.ArgumentList?.Arguments is { Count: > 0 } arguments)
        {
            ExpressionSyntax old = arguments[0].Expression;
            Offer(context, diagnostic, root, $"Use {number}, which is free", old, SyntaxFactory.ParseExpression(number).WithTriviaFrom(old));
        }
    }
}
