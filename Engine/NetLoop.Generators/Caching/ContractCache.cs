using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetLoop.Generators.Model;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators.Caching;

/// <summary>Keeps the result of parsing a declaration until the files it depends on or the meanings of their names change.</summary>
/// <remarks>
/// The compiler asks for every contract at each edit. Parsing 1,000 contracts takes longer than the time between two keystrokes; checking that nothing
/// changed takes a few milliseconds.
/// </remarks>
internal static class ContractCache
{
    private static readonly ConditionalWeakTable<SyntaxNode, Entry> Entries = new();

    /// <summary>The result for a declaration; null if it is no contract, or if another part of the type has the attribute.</summary>
    public static ParseResult? Parse(GeneratorSyntaxContext context, CancellationToken stop)
    {
        TypeDeclarationSyntax declaration = (TypeDeclarationSyntax)context.Node;
        if (declaration.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: < ContractsClass.MinLanguage })
        {
            return null;
        }

        CompilationNames names = CompilationNames.Of(context.SemanticModel.Compilation);
        if (Entries.TryGetValue(declaration, out Entry? entry) && entry.Holds(names))
        {
            return entry.Result;
        }

        entry = Entry.Make(declaration, context.SemanticModel, names, stop);
        Entries.Remove(declaration);
        Entries.GetValue(declaration, _ => entry);
        return entry.Result;
    }

    private sealed class Entry
    {
        private readonly ulong _environment;
        private readonly (long File, ulong Stamp)[] _files;
        private readonly bool _isKept;

        private Entry(ParseResult? result, Dependencies dependencies, CompilationNames names)
        {
            Result = result;
            _environment = names.Environment;
            _files = [.. dependencies.Files.Select(Identity.Of).Select(file => (file, names.StampOf(file) ?? 0))];
            _isKept = !dependencies.AreUnbounded;
        }

        public ParseResult? Result { get; }

        public static Entry Make(TypeDeclarationSyntax declaration, SemanticModel model, CompilationNames names, CancellationToken stop)
        {
            INamedTypeSymbol? type = (INamedTypeSymbol?)model.GetDeclaredSymbol((SyntaxNode)declaration, stop);
            if (type is not null && KnownNames.ContractAttribute(type) is { } attribute && Belongs(attribute, declaration))
            {
                ParsedContract parsed = ContractParser.Parse(type, attribute, model.Compilation, location: null, stop);
                return new(parsed.Result, parsed.Dependencies, names);
            }

            Dependencies dependencies = new();
            dependencies.Add(type);
            return new(null, dependencies, names);
        }

        public bool Holds(CompilationNames names) =>
            _isKept && _environment == names.Environment && Array.TrueForAll(_files, file => names.StampOf(file.File) == file.Stamp);

        // A partial type is parsed once: for the part with the attribute.
        private static bool Belongs(AttributeData attribute, TypeDeclarationSyntax declaration) =>
            attribute.ApplicationSyntaxReference is { } place
            && place.SyntaxTree == declaration.SyntaxTree
            && declaration.AttributeLists.FullSpan.Contains(place.Span);
    }
}
