using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.CodeFixes;

/// <summary>Replaces the response type in a call with the one that the request declares.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ResponseCodeFix))]
[Shared]
public sealed class ResponseCodeFix : ContractCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["NL0019"];

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        if (diagnostic.Properties.TryGetValue(FixProperty, out string? response) && response is not null
            && root.FindNode(diagnostic.Location.SourceSpan) is TypeSyntax { Parent: TypeArgumentListSyntax } old)
        {
            Offer(context, diagnostic, root, $"Use the declared response {response}", old, SyntaxFactory.ParseTypeName(response).WithTriviaFrom(old));
        }
    }
}
