using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Turns the attributes of System.ComponentModel.DataAnnotations on a member into checks, or into diagnostics that give the reason.</summary>
internal sealed class ValidationParser(ParseScope scope)
{
    /// <summary>Adds the checks of a member to its model.</summary>
    /// <param name="model">The member's model so far.</param>
    /// <param name="member">The member.</param>
    /// <param name="parameter">The constructor parameter for the member; null if there is none.</param>
    public MemberModel Add(MemberModel model, SourceMember member, IParameterSymbol? parameter)
    {
        List<AttributeData> attributes = [.. Attributes(member.Symbol, parameter)];
        if (attributes.Count == 0)
        {
            return model;
        }

        ValidatedType type = ValidatedType.Of(member.DeclaredType);
        LengthLimits length = LengthLimits.None;
        List<MemberCheck> checks = [];
        foreach (AttributeData attribute in attributes)
        {
            scope.Dependencies.Add(attribute);
            string? problem = null;
            switch (KnownNames.ValidationName(attribute))
            {
                case "Required":
                    AddRequired(attribute, type, checks);
                    break;
                case "Range":
                    problem = RangeParser.Parse(attribute, type, checks);
                    break;
                case "MaxLength" or "MinLength" or "Length" or "StringLength":
                    problem = Limit(attribute, type, ref length);
                    break;
                case "DataType": // It says what a text is for.
                    break;
                case "RegularExpression":
                    Report(Diagnostics.UncheckedAttribute, attribute, member, "matching takes time and memory that the peer would choose");
                    break;
                default:
                    Report(Diagnostics.UncheckedAttribute, attribute, member, "the generator does not know it");
                    break;
            }

            if (problem is not null)
            {
                Report(Diagnostics.InvalidCheck, attribute, member, problem);
            }
        }

        return AddLength(model, type, length, checks);
    }

    private static MemberModel AddLength(MemberModel model, ValidatedType type, LengthLimits length, List<MemberCheck> checks)
    {
        if (length.Pattern is not { } pattern || type.LengthName is not { } name)
        {
            return model with { Checks = new([.. checks]) };
        }

        checks.Add(name switch
        {
            ValidatedType.Counted => new(KnownTypes.Formatters + "CountOf(", type.IsNullable ? $") is -1 or ({pattern})" : $") is {pattern}"),
            ValidatedType.MaybeDefault when length.Min == 0 => type.Matches($"{{ IsDefault: true }} or {{ Length: {pattern} }}"),
            ValidatedType.MaybeDefault => type.Matches($"{{ IsDefault: false, Length: {pattern} }}"),
            _ => type.Matches($"{{ {name}: {pattern} }}"),
        });
        return model with
        {
            Checks = new([.. checks]),
            HeaderCheck = (type.IsString ? length.OfUtf8 : length).HeaderCheck,
        };
    }

    private static void AddRequired(AttributeData attribute, ValidatedType type, List<MemberCheck> checks)
    {
        if (type.IsString && Argument(attribute, "AllowEmptyStrings") is not true)
        {
            checks.Add(new("!string.IsNullOrWhiteSpace(", ")"));
        }
        else if (type.IsNullable)
        {
            checks.Add(new("", " is not null"));
        }
    }

    private static string? Limit(AttributeData attribute, ValidatedType type, ref LengthLimits length)
    {
        string name = KnownNames.ValidationName(attribute)!;
        if (type.LengthName is null)
        {
            return $"'{type.Name}' has no length";
        }

        if (name == "StringLength" && !type.IsString)
        {
            return $"'{type.Name}' is not a string; use [MaxLength], [MinLength] or [Length]";
        }

        if (Limits(attribute, name) is not { } limits)
        {
            return null; // The compiler reports invalid arguments.
        }

        if (limits.Min < 0 || limits.Max < 0 || (name == "MaxLength" && limits.Max == 0))
        {
            return "a length cannot be negative, and a [MaxLength] is at least 1";
        }

        length = new(Math.Max(length.Min, limits.Min), Math.Min(length.Max, limits.Max));
        return length.Min > length.Max ? $"no value is at least {length.Min} and at most {length.Max} long" : null;
    }

    // [MaxLength] without a number is -1: the most that a database allows.
    private static LengthLimits? Limits(AttributeData attribute, string name) => (name, attribute.ConstructorArguments) switch
    {
        ("MaxLength", []) or ("MaxLength", [{ Value: -1 }]) => LengthLimits.None,
        ("MaxLength", [{ Value: int max }]) => new(0, max),
        ("MinLength", [{ Value: int min }]) => new(min, int.MaxValue),
        ("Length", [{ Value: int min }, { Value: int max }]) => new(min, max),
        ("StringLength", [{ Value: int max }]) => new(Argument(attribute, "MinimumLength") is int min ? min : 0, max),
        _ => null,
    };

    // The attributes on the member or the member that it overrides, on its backing field, or on its constructor parameter; the nearest one counts.
    private static IEnumerable<AttributeData> Attributes(ISymbol member, IParameterSymbol? parameter)
    {
        HashSet<INamedTypeSymbol> seen = new(SymbolEqualityComparer.Default);
        for (ISymbol? at = member; at is not null; at = (at as IPropertySymbol)?.OverriddenProperty)
        {
            ISymbol?[] places = [at, FieldBehind(at), MemberKeys.PositionalParameter(at), parameter];
            foreach (AttributeData attribute in places.SelectMany(place => place?.GetAttributes() ?? []))
            {
                if (KnownNames.ValidationName(attribute) is not null && seen.Add(attribute.AttributeClass!))
                {
                    yield return attribute;
                }
            }
        }
    }

    private static IFieldSymbol? FieldBehind(ISymbol member) => member is IPropertySymbol
        ? member.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, member))
        : null;

    private static object? Argument(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;

    private void Report(DiagnosticDescriptor descriptor, AttributeData attribute, SourceMember member, string reason) => scope.Findings.Add(Diagnostic.Create(
        descriptor,
        attribute.ApplicationSyntaxReference?.GetSyntax().GetLocation() ?? scope.LocationOf(member.Symbol),
        messageArgs: [member.Name, KnownNames.ValidationName(attribute), reason]));
}
