using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.Generators.Parsing;

/// <summary>Collects the files that the result of parsing a contract depends on, so that the result can be kept until they change.</summary>
internal sealed class Dependencies
{
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly HashSet<SyntaxTree> _files = [];

    public IReadOnlyCollection<SyntaxTree> Files => _files;

    /// <summary>Whether the result depends on constants that may be in any file.</summary>
    public bool AreUnbounded { get; private set; }

    /// <summary>Adds the files that declare a type, the types around it, its bases and its interfaces.</summary>
    public void Add(ITypeSymbol? type)
    {
        for (ITypeSymbol? outer = type?.OriginalDefinition; outer is not null && _seen.Add(outer); outer = outer.ContainingType)
        {
            foreach (SyntaxReference reference in outer.DeclaringSyntaxReferences)
            {
                _files.Add(reference.SyntaxTree);
            }

            if (outer.DeclaringSyntaxReferences.IsEmpty)
            {
                continue;
            }

            Add(outer.BaseType);
            foreach (INamedTypeSymbol implemented in outer.Interfaces)
            {
                Add(implemented);
            }
        }
    }

    /// <summary>Adds the files that the arguments of an attribute are computed from.</summary>
    public void Add(AttributeData attribute)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax() is AttributeSyntax { ArgumentList.Arguments: var arguments })
        {
            AreUnbounded |= arguments.Any(argument => !IsSelfContained(argument.Expression));
        }
    }

    /// <summary>Adds the files that the default of a parameter is computed from.</summary>
    public void Add(IParameterSymbol parameter)
    {
        foreach (SyntaxReference reference in parameter.DeclaringSyntaxReferences)
        {
            AreUnbounded |= reference.GetSyntax() is ParameterSyntax { Default.Value: { } value } && !IsSelfContained(value)
                && parameter.Type.TypeKind != TypeKind.Enum;
        }

        Add(parameter.Type);
    }

    private static bool IsSelfContained(ExpressionSyntax value) => value switch
    {
        LiteralExpressionSyntax or TypeOfExpressionSyntax or DefaultExpressionSyntax => true,
        PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax } => true,
        PostfixUnaryExpressionSyntax { Operand: var operand } => IsSelfContained(operand),
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } } => true,
        _ => false,
    };
}
