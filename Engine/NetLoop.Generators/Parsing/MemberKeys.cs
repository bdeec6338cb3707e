using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the keys of members. An override inherits the key of the overridden member unless it has its own.</summary>
internal static class MemberKeys
{
    /// <summary>The [Key] attribute of a member; null if it has none.</summary>
    public static AttributeData? Find(ISymbol member)
    {
        for (ISymbol? at = member; at is not null; at = (at as IPropertySymbol)?.OverriddenProperty)
        {
            if ((KnownNames.Key(at) ?? (PositionalParameter(at) is { } parameter ? KnownNames.Key(parameter) : null)) is { } key)
            {
                return key;
            }
        }

        return null;
    }

    public static bool IsIgnored(ISymbol member)
    {
        for (ISymbol? at = member; at is not null; at = (at as IPropertySymbol)?.OverriddenProperty)
        {
            if (KnownNames.IsIgnored(at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a member is public and stored, so that a missing key is surely a mistake. A computed property is not.</summary>
    public static bool IsDataOfItsOwn(ISymbol member) => member is { DeclaredAccessibility: Accessibility.Public, IsStatic: false }
        && member is IFieldSymbol or IPropertySymbol { SetMethod: not null, GetMethod: not null };

    /// <summary>Whether a type sends its member.</summary>
    public static bool IsSent(ISymbol member, bool usesNames) =>
        member is IPropertySymbol { IsIndexer: false } or IFieldSymbol { IsImplicitlyDeclared: false }
        && !member.IsStatic
        && !IsIgnored(member)
        && (Find(member) is not null || (usesNames && IsDataOfItsOwn(member)));

    // In a positional record, an attribute without "property:" lands on the parameter.
    public static IParameterSymbol? PositionalParameter(ISymbol member)
    {
        if (member is not IPropertySymbol { ContainingType: { IsRecord: true } type })
        {
            return null;
        }

        return type.InstanceConstructors
            .SelectMany(constructor => constructor.Parameters)
            .FirstOrDefault(parameter => parameter.Name == member.Name && !SymbolEqualityComparer.Default.Equals(parameter.Type, type));
    }
}
