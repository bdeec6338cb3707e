using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Turns one annotated type into a model and a description, or into diagnostics that give the reason. It reads no contract but this one.</summary>
internal sealed class ContractParser
{
    private readonly INamedTypeSymbol _type;
    private readonly AttributeData _attribute;
    private readonly Location? _location;
    private readonly ParseScope _scope;

    private ContractParser(INamedTypeSymbol type, AttributeData attribute, Compilation compilation, Location? location)
    {
        _type = type;
        _attribute = attribute;
        _location = location;
        _scope = new ParseScope(type, compilation);
    }

    /// <summary>Parses a contract.</summary>
    /// <param name="type">A type with the attribute.</param>
    /// <param name="attribute">The attribute that makes it a contract.</param>
    /// <param name="compilation">The compilation that declares the type.</param>
    /// <param name="location">The location of diagnostics about the contract as a whole.</param>
    /// <param name="stop">Cancels the work.</param>
    public static ParsedContract Parse(INamedTypeSymbol type, AttributeData attribute, Compilation compilation, Location? location, CancellationToken stop)
    {
        ParseLog.Add(type.Name);
        ContractParser parser = new(type, attribute, compilation, location);
        ContractModel? contract = parser.Parse(stop);
        return new(new(contract, contract?.Description), parser._scope.Findings, parser._scope.Dependencies);
    }

    private ContractModel? Parse(CancellationToken stop)
    {
        _scope.Dependencies.Add(_type);
        _scope.Dependencies.Add(_attribute);
        CheckPartial();
        int? id = ParseId();
        if (ContractTypes.Unimplementable(_type) is { } reason)
        {
            Report(Diagnostics.NotConstructible, _type.Name, reason);
            return null;
        }

        ITypeSymbol? response = id is null ? null : new RequestParser(_scope).ParseResponse(_location);
        if (GrowthCheck.Grows(_type))
        {
            Report(Diagnostics.GrowingType, _type.Name);
        }

        ContractModel empty = Empty(id) with { Delivery = id is null ? null : ParseDelivery() };
        ContractModel? contract = CodecParser.IsNamed(_attribute) ? ParseCodec(empty)
            : KnownNames.Unions(_type).Any() ? empty with { Cases = new([.. new UnionParser(_scope).Parse()]) }
            : ParseMembers(empty, stop);
        if (!ContractTypes.IsPartial(_type))
        {
            return null;
        }

        bool isBroken = _scope.Findings.Exists(finding => finding.Id != Diagnostics.UncheckedAttribute.Id);
        return contract is null || isBroken || _scope.HoldsUnimplementable
            ? empty
            : contract with
            {
                Description = ContractDescriber.Describe(contract, _scope) with { Response = response?.ToDisplayString() },
                Response = response?.ToDisplayString(TypeParser.FullyQualified),
                UsesObsolete = _scope.UsesObsolete,
            };
    }

    private ContractModel? ParseCodec(ContractModel empty)
    {
        if (CodecParser.Parse(_attribute, out string problem) is { } codec)
        {
            _scope.Dependencies.Add(codec);
            return empty with { Codec = codec.ToDisplayString(TypeParser.FullyQualified) };
        }

        Report(Diagnostics.InvalidCodec, _type.Name, problem);
        return null;
    }

    private ContractModel? ParseMembers(ContractModel empty, CancellationToken stop)
    {
        ForeignChecks foreign = new(_scope);
        foreign.CheckType();
        List<SourceMember> members = new MemberParser(_scope).Parse(out bool isMap);
        foreign.CheckMembers(members);
        stop.ThrowIfCancellationRequested();
        if (Construction.Choose(_scope, members, out string reason) is not { } construction)
        {
            Report(Diagnostics.NotConstructible, _type.Name, reason);
            return null;
        }

        ValidationParser validation = new(_scope);
        List<MemberModel> models = [.. members.Select(member => validation.Add(construction.Model(member), member, construction.ParameterOf(member)))];
        return empty with
        {
            IsMap = isMap,
            Members = new([.. models]),
            ConstructorArguments = new([.. construction.Arguments]),
            InitializedMembers = new([.. construction.Initialized.Select(member => models[members.IndexOf(member)])]),
        };
    }

    private ContractModel Empty(int? id) => new(
        _type.ContainingNamespace.IsGlobalNamespace ? null : _type.ContainingNamespace.ToDisplayString(),
        new([.. ContractNames.Declarations(_type)]),
        _type.ToDisplayString(TypeParser.FullyQualified),
        ContractNames.Hint(_type),
        id,
        IsMap: false,
        Members: default,
        ConstructorArguments: default,
        InitializedMembers: default,
        _type.IsReferenceType,
        new([.. _scope.TypeParameters]),
        Codec: null,
        Cases: default);

    private int? ParseId()
    {
        if (!KnownNames.IsNetMessage(_attribute) || _attribute.ConstructorArguments is not [{ Value: int type }])
        {
            return null;
        }

        int min = _type.ContainingAssembly.Name == KnownNames.EngineAssembly ? 1 : MessageNumbers.MinOfApplication;
        if (type < min || type > MessageNumbers.Max)
        {
            Report(Diagnostics.InvalidType, _type.Name, type.ToString(CultureInfo.InvariantCulture));
        }

        if (_type.IsGenericType)
        {
            Report(Diagnostics.GenericMessage, _type.Name, type.ToString(CultureInfo.InvariantCulture));
        }

        return type;
    }

    private DeliveryModel? ParseDelivery()
    {
        DeliveryModel? delivery = DeliveryParser.Parse(_type, _attribute, out string? problem);
        if (problem is not null)
        {
            Report(Diagnostics.InvalidDelivery, _type.Name, problem);
        }

        return delivery;
    }

    private void CheckPartial()
    {
        for (INamedTypeSymbol? type = _type; type is not null; type = type.ContainingType)
        {
            if (!KnownNames.IsPartial(type))
            {
                Report(Diagnostics.NotPartial, type.Name, _type.Name);
            }
        }
    }

    private void Report(DiagnosticDescriptor descriptor, params string[] arguments) =>
        _scope.Findings.Add(Diagnostic.Create(descriptor, _location, messageArgs: arguments));
}
