using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.Generators.Caching;

/// <summary>The names that a file declares and the names that it uses. Computed once for each version of a file.</summary>
internal sealed class FileNames
{
    private const string AttributeSuffix = "Attribute";

    private static readonly ConditionalWeakTable<SyntaxTree, FileNames> Known = new();

    private readonly SyntaxTree _file;
    private readonly List<(string Name, ulong Hash)> _declared = [];
    private string[]? _used;

    private FileNames(SyntaxTree file)
    {
        _file = file;
        Number = Identity.Of(file);
        CompilationUnitSyntax root = file.GetCompilationUnitRoot();
        foreach (UsingDirectiveSyntax directive in root.Usings.Where(directive => directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)))
        {
            HasGlobalUsings = true;
            GlobalUsings = GlobalUsings.With(directive.ToString());
        }

        Declare(root.Members, Hash.Empty);
    }

    /// <summary>The number of this version of the file.</summary>
    public long Number { get; }

    /// <summary>Types and namespaces by their simple names, each with the hash of its full name.</summary>
    public IReadOnlyList<(string Name, ulong Hash)> Declared => _declared;

    /// <summary>A hash of the file's global usings.</summary>
    public ulong GlobalUsings { get; } = Hash.Empty;

    public bool HasGlobalUsings { get; }

    /// <summary>All names outside of bodies and initializers, each once.</summary>
    public IReadOnlyList<string> Used => _used ??= FindUsed();

    public static FileNames Of(SyntaxTree file) => Known.GetValue(file, static file => new FileNames(file));

    private void Declare(SyntaxList<MemberDeclarationSyntax> members, ulong around)
    {
        foreach (MemberDeclarationSyntax member in members)
        {
            switch (member)
            {
                case BaseNamespaceDeclarationSyntax space:
                    ulong inner = around;
                    foreach (string part in space.Name.ToString().Split('.'))
                    {
                        inner = Declare(part.Trim().TrimStart('@'), inner);
                    }

                    Declare(space.Members, inner);
                    break;
                case TypeDeclarationSyntax type:
                    Declare(type.Members, Declare(type.Identifier.ValueText, around.With((ulong)type.Arity)));
                    break;
                case BaseTypeDeclarationSyntax type:
                    Declare(type.Identifier.ValueText, around);
                    break;
                case DelegateDeclarationSyntax type:
                    Declare(type.Identifier.ValueText, around.With((ulong)type.Arity));
                    break;
            }
        }
    }

    // An attribute may be used without its suffix: [Key] means KeyAttribute.
    private ulong Declare(string name, ulong around)
    {
        ulong hash = around.With(name);
        _declared.Add((name, hash));
        if (name.EndsWith(AttributeSuffix, StringComparison.Ordinal))
        {
            _declared.Add((name.Substring(0, name.Length - AttributeSuffix.Length), hash));
        }

        return hash;
    }

    private string[] FindUsed() =>
    [
        .. _file.GetRoot().DescendantTokens(static node => node is not (BlockSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax))
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)
            .Distinct(StringComparer.Ordinal),
    ];
}
