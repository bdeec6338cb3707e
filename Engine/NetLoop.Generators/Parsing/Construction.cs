using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>How an instance is created from the members read: a constructor takes some, and an object initializer sets the others.</summary>
internal sealed class Construction
{
    private readonly Dictionary<string, IParameterSymbol> _parameterOf;

    // Null if all members without a parameter keep their zero values.
    private readonly INamedTypeSymbol? _typeWithDefaults;

    private Construction(
        IReadOnlyList<string> arguments,
        IReadOnlyList<SourceMember> initialized,
        Dictionary<string, IParameterSymbol> parameterOf,
        INamedTypeSymbol? typeWithDefaults)
    {
        Arguments = arguments;
        Initialized = initialized;
        _parameterOf = parameterOf;
        _typeWithDefaults = typeWithDefaults;
    }

    /// <summary>One argument expression for each parameter of the constructor.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Members set after the constructor.</summary>
    public IReadOnlyList<SourceMember> Initialized { get; }

    /// <summary>Chooses how to build a type, or gives the reason why there is no way.</summary>
    public static Construction? Choose(ParseScope scope, List<SourceMember> members, out string reason)
    {
        INamedTypeSymbol type = scope.Contract;
        reason = Unbuildable(type, members) ?? "";
        if (reason.Length > 0)
        {
            return null;
        }

        if (type.InstanceConstructors.FirstOrDefault(KnownNames.IsForConstruction) is { } marked)
        {
            reason = "the parameters of its [SerializationConstructor] must have the name, or the place, and the type of keyed members; "
                + "all other members must be settable or init";
            return TryUse(marked, scope, members, byPlaceToo: true);
        }
        // A primary constructor is the one that the author intends; otherwise the constructor with the fewest parameters is chosen.
        IEnumerable<IMethodSymbol> constructors = type.InstanceConstructors
            .Where(constructor => !(type.IsRecord && IsCopy(constructor, type)))
            .OrderByDescending(constructor => type.IsRecord && IsPrimary(constructor))
            .ThenBy(constructor => constructor.Parameters.Length);
        foreach (IMethodSymbol constructor in constructors)
        {
            if (TryUse(constructor, scope, members, byPlaceToo: false) is { } construction)
            {
                return construction;
            }
        }

        reason = "give it a constructor whose parameters are named like its keyed members, or make those members settable or init";
        return null;
    }

    /// <summary>The parameter for a member; null if the member is set after the constructor.</summary>
    public IParameterSymbol? ParameterOf(SourceMember member) => _parameterOf.TryGetValue(member.Name, out IParameterSymbol? parameter) ? parameter : null;

    /// <summary>The model of a member for the emitter.</summary>
    public MemberModel Model(SourceMember member) => new(
        EscapeName(member.Name),
        member.Local,
        member.Index,
        member.Key,
        member.Type,
        MissingValue(member),
        member.MustBeSet,
        _typeWithDefaults is { } type && !_parameterOf.ContainsKey(member.Name) && !member.MustBeSet && InitialValue.MayBeGiven(member, type),
        member.Symbol is IPropertySymbol { SetMethod.IsInitOnly: true });

    private static string? Unbuildable(INamedTypeSymbol type, List<SourceMember> members)
    {
        if (type.IsAbstract)
        {
            return "it is abstract; list the types of its values with [Union(0, typeof(...))] on it, or mark those types instead";
        }

        if (members.Find(member => !member.IsReadable) is { } writeOnly)
        {
            return writeOnly.Symbol is IPropertySymbol { GetMethod: not null }
                ? $"it cannot reach the getter of '{writeOnly.Name}'; make it protected or public"
                : $"property '{writeOnly.Name}' has no getter; add one";
        }
        // A public member that is not ignored only lacks its key, which has its own diagnostic.
        if (!type.InstanceConstructors.Any(KnownNames.SetsRequiredMembers)
            && Required(type).FirstOrDefault(symbol => !members.Exists(member => member.Name == symbol.Name)
                && (KnownNames.IsIgnored(symbol) || symbol.DeclaredAccessibility != Accessibility.Public)) is { } unsent)
        {
            return $"member '{unsent.Name}' is required and not sent; give it a key, or remove 'required'";
        }

        return null;
    }

    private static Construction? TryUse(IMethodSymbol constructor, ParseScope scope, List<SourceMember> members, bool byPlaceToo)
    {
        INamedTypeSymbol type = scope.Contract;
        List<string> arguments = [];
        Dictionary<string, IParameterSymbol> parameterOf = [];
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            SourceMember? member = members.Find(candidate => HasName(parameter, candidate) && HasType(parameter, candidate))
                ?? (byPlaceToo ? members.Find(candidate => HasPlace(parameter, candidate) && HasType(parameter, candidate)) : null);
            if (member is not null && !parameterOf.ContainsKey(member.Name))
            {
                parameterOf.Add(member.Name, parameter);
                arguments.Add(Argument(member));
            }
            else if (type.GetMembers(parameter.Name).Any(KnownNames.IsIgnored))
            {
                arguments.Add("default!");
            }
            else
            {
                return null;
            }
        }

        bool setsAll = KnownNames.SetsRequiredMembers(constructor);
        List<SourceMember> rest = [.. members.Where(member => !parameterOf.ContainsKey(member.Name) || (member.MustBeSet && !setsAll))];
        if (!rest.TrueForAll(member => member.IsSettable))
        {
            return null;
        }

        scope.UsesObsolete |= KnownNames.IsObsoleteWithError(constructor);
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            scope.Dependencies.Add(parameter);
        }

        return new(arguments, rest, parameterOf, SetsDefaults(constructor, type) ? type : null);
    }

    // Only code can give a member a value other than zero: a constructor, or initializers, which need a constructor in a struct.
    private static bool SetsDefaults(IMethodSymbol constructor, INamedTypeSymbol type) => !(type.IsValueType && constructor.IsImplicitlyDeclared);

    private static IEnumerable<ISymbol> Required(INamedTypeSymbol? type) => type is null
        ? []
        : type.GetMembers()
            .Where(symbol => symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })
            .Concat(Required(type.BaseType));

    private static bool IsPrimary(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences
        .Any(reference => reference.GetSyntax() is TypeDeclarationSyntax { ParameterList: not null });

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type) =>
        constructor.Parameters is [{ } only] && SymbolEqualityComparer.Default.Equals(only.Type, type);

    private static bool HasName(IParameterSymbol parameter, SourceMember member) =>
        string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase);

    private static bool HasPlace(IParameterSymbol parameter, SourceMember member) => member.Key is null && member.Index == parameter.Ordinal;

    private static bool HasType(IParameterSymbol parameter, SourceMember member) =>
        parameter.RefKind is RefKind.None or RefKind.In && SymbolEqualityComparer.Default.Equals(parameter.Type, member.DeclaredType);

    private static string Argument(SourceMember member) => member.Type.IsNonNullReference ? member.Local + "!" : member.Local;

    private static string EscapeName(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    // The contract's own default takes precedence over that of the type; "default" and "null!" are no defaults.
    private string? MissingValue(SourceMember member) =>
        _parameterOf.TryGetValue(member.Name, out IParameterSymbol? parameter)
            && parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: { } value }
            ? Literal(value, member.Type.Name)
            : member.Type.MissingValue;

    private static string Literal(object value, string type) => value switch
    {
        string text => SymbolDisplay.FormatLiteral(text, quote: true),
        bool flag => flag ? "true" : "false",
        char unit => $"(char){((int)unit).ToString(CultureInfo.InvariantCulture)}",
        double.NaN or float.NaN => $"({type})double.NaN",
        double.PositiveInfinity or float.PositiveInfinity => $"({type})double.PositiveInfinity",
        double.NegativeInfinity or float.NegativeInfinity => $"({type})double.NegativeInfinity",
        float number => number.ToString("R", CultureInfo.InvariantCulture) + "F",
        double number => number.ToString("R", CultureInfo.InvariantCulture) + "D",
        decimal number => number.ToString(CultureInfo.InvariantCulture) + "M",
        _ => $"({type})({Convert.ToString(value, CultureInfo.InvariantCulture)})",
    };
}
