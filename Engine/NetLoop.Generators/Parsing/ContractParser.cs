using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Turns one annotated type into a model, or into findings that say why not.</summary>
internal sealed class ContractParser
{
    private const int MinApplicationType = 64;
    private const int MaxType = 65_535;

    private readonly INamedTypeSymbol _type;
    private readonly Location? _location;
    private readonly CancellationToken _stop;
    private readonly List<DiagnosticInfo> _findings = [];

    private ContractParser(GeneratorAttributeSyntaxContext context, CancellationToken stop)
    {
        _type = (INamedTypeSymbol)context.TargetSymbol;
        _location = ((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation();
        _stop = stop;
    }

    public static ParseResult Parse(GeneratorAttributeSyntaxContext context, CancellationToken stop) =>
        new ContractParser(context, stop).Parse(context.Attributes[0]);

    private ParseResult Parse(AttributeData attribute)
    {
        string name = _type.ToDisplayString(TypeParser.FullyQualified);
        CheckPartial();
        MessageId? id = ParseId(attribute, name);
        List<SourceMember> members = new MemberParser(_type, _findings).Parse(out bool isMap);
        _stop.ThrowIfCancellationRequested();
        Construction? construction = Construction.Choose(_type, members, out string reason);
        if (construction is null)
        {
            Report(Diagnostics.NotConstructible, _location, _type.Name, reason);
        }
        ContractModel? contract = construction is null || _findings.Count > 0 ? null : new(
            _type.ContainingNamespace.IsGlobalNamespace ? null : _type.ContainingNamespace.ToDisplayString(),
            new([.. Declarations()]),
            name,
            HintName(),
            id?.Type,
            isMap,
            new([.. members.Select(construction.Model)]),
            new([.. construction.Arguments]),
            new([.. construction.Initialized.Select(construction.Model)]),
            construction.HasDefaults);
        return new(contract, id, new([.. _findings]));
    }

    private MessageId? ParseId(AttributeData attribute, string name)
    {
        bool isMessage = attribute.AttributeClass?.ToDisplayString() == KnownNames.NetMessage;
        if (!isMessage || attribute.ConstructorArguments is not [{ Value: int type }])
        {
            return null;
        }
        int min = _type.ContainingAssembly.Name == KnownNames.EngineAssembly ? 1 : MinApplicationType;
        if (type < min || type > MaxType)
        {
            Report(Diagnostics.InvalidType, _location, _type.Name, type.ToString(CultureInfo.InvariantCulture));
        }
        return new(type, name, LocationInfo.Of(_location));
    }

    private void CheckPartial()
    {
        for (INamedTypeSymbol? type = _type; type is not null; type = type.ContainingType)
        {
            bool isPartial = type.DeclaringSyntaxReferences
                .Select(reference => reference.GetSyntax(_stop))
                .OfType<TypeDeclarationSyntax>()
                .Any(declaration => declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
            if (!isPartial)
            {
                Report(Diagnostics.NotPartial, _location, type.Name, _type.Name);
            }
        }
    }

    private Stack<string> Declarations()
    {
        Stack<string> declarations = new();
        for (INamedTypeSymbol? type = _type; type is not null; type = type.ContainingType)
        {
            string kind = type switch
            {
                { IsRecord: true, IsValueType: true } => "record struct",
                { IsRecord: true } => "record",
                { TypeKind: TypeKind.Struct } => "struct",
                { TypeKind: TypeKind.Interface } => "interface",
                _ => "class",
            };
            declarations.Push($"partial {kind} {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}");
        }
        return declarations;
    }

    // Unique in the compilation, and a valid file name: generic arity takes the place of the angle brackets.
    private string HintName()
    {
        Stack<string> parts = new();
        for (INamedTypeSymbol? type = _type; type is not null; type = type.ContainingType)
        {
            parts.Push(type.Arity == 0 ? type.Name : $"{type.Name}`{type.Arity}");
        }
        string name = string.Join(".", parts);
        return _type.ContainingNamespace.IsGlobalNamespace ? $"{name}.g.cs" : $"{_type.ContainingNamespace.ToDisplayString()}.{name}.g.cs";
    }

    private void Report(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        _findings.Add(DiagnosticInfo.Create(descriptor, location, arguments));
}
