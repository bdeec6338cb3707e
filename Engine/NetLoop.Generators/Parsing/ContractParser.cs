using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Turns one annotated type into a model, or into findings that say why not.</summary>
internal sealed class ContractParser
{
    private readonly INamedTypeSymbol _type;
    private readonly Location? _location;
    private readonly CancellationToken _stop;
    private readonly List<Diagnostic> _findings = [];

    private ContractParser(INamedTypeSymbol type, Location? location, CancellationToken stop)
    {
        _type = type;
        _location = location;
        _stop = stop;
    }

    public static ParseResult? Parse(GeneratorAttributeSyntaxContext context, string attribute, CancellationToken stop) =>
        context.TargetNode is TypeDeclarationSyntax
            && KnownNames.ContractAttribute((INamedTypeSymbol)context.TargetSymbol) == attribute
            && IsFirst(context, attribute)
            ? new ContractParser((INamedTypeSymbol)context.TargetSymbol, location: null, stop).Parse(context.Attributes[0])
            : null;

    /// <summary>What is wrong with a contract.</summary>
    /// <param name="type">A type with the attribute.</param>
    /// <param name="attribute">What makes it a contract.</param>
    /// <param name="stop">Ends the search.</param>
    public static IReadOnlyList<Diagnostic> Check(INamedTypeSymbol type, AttributeData attribute, CancellationToken stop)
    {
        TypeDeclarationSyntax? declaration =
            attribute.ApplicationSyntaxReference?.GetSyntax(stop).FirstAncestorOrSelf<TypeDeclarationSyntax>();
        ContractParser parser = new(type, declaration?.Identifier.GetLocation(), stop);
        parser.Parse(attribute);
        return parser._findings;
    }

    // A type in several parts may have the attributes of a union on each of them.
    private static bool IsFirst(GeneratorAttributeSyntaxContext context, string attribute)
    {
        SyntaxReference? here = context.Attributes[0].ApplicationSyntaxReference;
        SyntaxReference? first = KnownNames.Find(context.TargetSymbol, attribute)?.ApplicationSyntaxReference;
        return here?.SyntaxTree == first?.SyntaxTree && here?.Span == first?.Span;
    }

    private ParseResult Parse(AttributeData attribute)
    {
        string name = _type.ToDisplayString(TypeParser.FullyQualified);
        CheckPartial();
        int? id = ParseId(attribute);
        ContractModel? contract = CodecParser.IsNamed(attribute) ? ParseCodec(attribute, name, id)
            : KnownNames.Unions(_type).Any() ? ParseUnion(name, id)
            : ParseMembers(name, id);
        if (_findings.Count > 0)
        {
            contract = null;
        }
        // A generic contract is described where it is closed: in the contracts that have it as a member.
        EquatableArray<string> descriptions = contract is not null && !_type.IsGenericType ? ContractDescriber.Describe(_type) : default;
        return new(contract, descriptions);
    }

    private ContractModel ParseUnion(string name, int? id) =>
        Model(name, id, isMap: false) with { Cases = new([.. new UnionParser(_type, _findings).Parse()]) };

    private ContractModel? ParseCodec(AttributeData attribute, string name, int? id)
    {
        if (Construction.Unimplementable(_type) is { } reason)
        {
            Report(Diagnostics.NotConstructible, _location, _type.Name, reason);
            return null;
        }
        if (CodecParser.Parse(attribute, out string problem) is not { } codec)
        {
            Report(Diagnostics.InvalidCodec, _location, _type.Name, problem);
            return null;
        }
        return Model(name, id, isMap: false) with { Codec = codec.ToDisplayString(TypeParser.FullyQualified) };
    }

    private ContractModel? ParseMembers(string name, int? id)
    {
        List<SourceMember> members = new MemberParser(_type, _findings).Parse(out bool isMap);
        _stop.ThrowIfCancellationRequested();
        Construction? construction = Construction.Choose(_type, members, out string reason);
        if (construction is null)
        {
            Report(Diagnostics.NotConstructible, _location, _type.Name, reason);
            return null;
        }
        return Model(name, id, isMap) with
        {
            Members = new([.. members.Select(construction.Model)]),
            ConstructorArguments = new([.. construction.Arguments]),
            InitializedMembers = new([.. construction.Initialized.Select(construction.Model)]),
        };
    }

    private ContractModel Model(string name, int? id, bool isMap) => new(
        _type.ContainingNamespace.IsGlobalNamespace ? null : _type.ContainingNamespace.ToDisplayString(),
        new([.. Declarations()]),
        name,
        HintName(),
        id,
        isMap,
        Members: default,
        ConstructorArguments: default,
        InitializedMembers: default,
        _type.IsReferenceType,
        new([.. _type.TypeParameters.Select(parameter => parameter.Name)]),
        Codec: null,
        Cases: default);

    private int? ParseId(AttributeData attribute)
    {
        bool isMessage = attribute.AttributeClass?.ToDisplayString() == KnownNames.NetMessage;
        if (!isMessage || attribute.ConstructorArguments is not [{ Value: int type }])
        {
            return null;
        }
        int min = _type.ContainingAssembly.Name == KnownNames.EngineAssembly ? 1 : MessageNumbers.MinOfApplication;
        if (type < min || type > MessageNumbers.Max)
        {
            Report(Diagnostics.InvalidType, _location, _type.Name, type.ToString(CultureInfo.InvariantCulture));
        }
        if (_type.IsGenericType)
        {
            Report(Diagnostics.GenericMessage, _location, _type.Name, type.ToString(CultureInfo.InvariantCulture));
        }
        return type;
    }

    private void CheckPartial()
    {
        for (INamedTypeSymbol? type = _type; type is not null; type = type.ContainingType)
        {
            if (!KnownNames.IsPartial(type))
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
        return _type.ContainingNamespace.IsGlobalNamespace
            ? name + HintNames.Extension
            : $"{_type.ContainingNamespace.ToDisplayString()}.{name}{HintNames.Extension}";
    }

    private void Report(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        _findings.Add(Diagnostic.Create(descriptor, location, messageArgs: arguments));
}
