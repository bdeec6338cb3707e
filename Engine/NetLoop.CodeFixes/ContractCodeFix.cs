using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.CodeFixes;

/// <summary>The base of all fixes of contracts. Each changes one declaration of one file.</summary>
public abstract class ContractCodeFix : CodeFixProvider
{
    /// <summary>The property in which the analyzer passes the text to write.</summary>
    protected const string FixProperty = "Fix";

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            SyntaxNode? found = root?.FindToken(diagnostic.Location.SourceSpan.Start).Parent;
            if (root is not null && found is not null)
            {
                Register(context, root, found, diagnostic);
            }
        }
    }

    /// <summary>Offers fixes for a diagnostic.</summary>
    /// <param name="context">The context to register the fixes with.</param>
    /// <param name="root">The root of the file.</param>
    /// <param name="found">The node that the diagnostic is reported on: the declaration of a type or a member.</param>
    /// <param name="diagnostic">The diagnostic.</param>
    protected abstract void Register(CodeFixContext context, SyntaxNode root, SyntaxNode found, Diagnostic diagnostic);

    /// <summary>Offers to replace one piece of syntax by another.</summary>
    protected static void Offer(CodeFixContext context, Diagnostic diagnostic, SyntaxNode root, string title, SyntaxNode old, SyntaxNode replacement) =>
        context.RegisterCodeFix(
            CodeAction.Create(
                title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(old, replacement))),
                equivalenceKey: diagnostic.Id + title.Split(' ')[0]),
            diagnostic);

    /// <summary>
    /// The attribute lists of the declaration of a name. A positional record's members are parameters; a field's name is inside its declaration.
    /// </summary>
    protected static SyntaxList<AttributeListSyntax> AttributeLists(SyntaxNode declaration) => declaration switch
    {
        MemberDeclarationSyntax member => member.AttributeLists,
        ParameterSyntax parameter => parameter.AttributeLists,
        _ => default,
    };

    /// <summary>The declaration that has the attributes.</summary>
    protected static SyntaxNode? Declaration(SyntaxNode found) =>
        found.AncestorsAndSelf().FirstOrDefault(node => node is MemberDeclarationSyntax or ParameterSyntax);

    /// <summary>Finds an attribute of a declaration by its name, with or without a namespace and the suffix "Attribute".</summary>
    protected static AttributeSyntax? FindAttribute(SyntaxNode declaration, string name) => AttributeLists(declaration)
        .SelectMany(list => list.Attributes)
        .FirstOrDefault(attribute => LastPart(attribute.Name) == name || LastPart(attribute.Name) == name + "Attribute");

    private static string LastPart(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
