using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.Generators;

/// <summary>The attributes and types that the generator finds by name, because it references neither the engine nor the MessagePack package.</summary>
internal static class KnownNames
{
    public const string EngineAssembly = "NetLoop.Engine";

    private const string Engine = "NetLoop";
    private const string CompilerServices = "NetLoop.CompilerServices";
    private const string MessagePack = "MessagePack";
    private const string Annotations = "System.ComponentModel.DataAnnotations";

    public static bool IsNetMessage(AttributeData attribute) => attribute.AttributeClass.Is(Engine, "NetMessageAttribute");

    public static bool IsNetContract(AttributeData attribute) => attribute.AttributeClass.Is(Engine, "NetContractAttribute");

    public static bool IsDescription(AttributeData attribute) => attribute.AttributeClass.Is(CompilerServices, "NetContractDescriptionAttribute");

    public static bool IsUnion(AttributeData attribute) => attribute.AttributeClass.Is(MessagePack, "UnionAttribute");

    public static bool IsMessageCodec(ITypeSymbol type) => type.Is(Engine, "IMessageCodec");

    /// <summary>INetContract&lt;TSelf&gt; itself, with any type argument.</summary>
    public static bool IsContractInterface(INamedTypeSymbol type) => type.Arity == 1 && type.Is(Engine, "INetContract");

    /// <summary>INetRequest&lt;TResponse&gt; itself, with any type argument.</summary>
    public static bool IsRequestInterface(INamedTypeSymbol type) => type.Arity == 1 && type.Is(Engine, "INetRequest");

    /// <summary>The short name of a validation attribute, such as "MaxLength"; null for other attributes.</summary>
    public static string? ValidationName(AttributeData attribute)
    {
        for (INamedTypeSymbol? type = attribute.AttributeClass; type is not null; type = type.BaseType)
        {
            if (type.Is(Annotations, "ValidationAttribute"))
            {
                string name = attribute.AttributeClass!.Name;
                return name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
            }
        }

        return null;
    }

    public static AttributeData? Key(ISymbol symbol) => Find(symbol, MessagePack, "KeyAttribute");

    /// <summary>Whether a symbol has [IgnoreMember] or [IgnoreDataMember], which MessagePack-CSharp treats alike.</summary>
    public static bool IsIgnored(ISymbol symbol) =>
        (Find(symbol, MessagePack, "IgnoreMemberAttribute") ?? Find(symbol, "System.Runtime.Serialization", "IgnoreDataMemberAttribute")) is not null;

    /// <summary>Whether a type is annotated for MessagePack-CSharp, so that its bytes must be the same as that library's.</summary>
    public static bool IsForeignObject(ITypeSymbol type) => type.GetAttributes().Any(IsObject);

    /// <summary>Whether a type has [MessagePackObject(AllowPrivate = true)].</summary>
    public static bool AllowsPrivate(ITypeSymbol type) => type.GetAttributes().FirstOrDefault(IsObject) is { } attribute
        && attribute.NamedArguments.Any(argument => argument is { Key: "AllowPrivate", Value.Value: true });

    public static bool HasFormatter(ISymbol symbol) => Find(symbol, MessagePack, "MessagePackFormatterAttribute") is not null;

    public static bool IsCallbackReceiver(INamedTypeSymbol type) => type.Is(MessagePack, "IMessagePackSerializationCallbackReceiver");

    /// <summary>Whether a type is marked as no contract although it is annotated for MessagePack-CSharp and partial.</summary>
    public static bool IsOptedOut(ITypeSymbol type) => Find(type, Engine, "NotNetContractAttribute") is not null;

    /// <summary>Whether a type has [MessagePackObject(keyAsPropertyName: true)]: the key of every public member is its own name.</summary>
    public static bool UsesNamesAsKeys(ISymbol symbol) => symbol.GetAttributes().FirstOrDefault(IsObject) is { ConstructorArguments: [{ Value: true }, ..] };

    public static bool IsForConstruction(ISymbol constructor) => Find(constructor, MessagePack, "SerializationConstructorAttribute") is not null;

    /// <summary>Whether callers of a constructor need not set required members.</summary>
    public static bool SetsRequiredMembers(ISymbol constructor) =>
        Find(constructor, "System.Diagnostics.CodeAnalysis", "SetsRequiredMembersAttribute") is not null;

    public static bool IsInlineArray(ITypeSymbol type) => Find(type, "System.Runtime.CompilerServices", "InlineArrayAttribute") is not null;

    /// <summary>Whether a symbol has an [Obsolete] that makes each use an error.</summary>
    public static bool IsObsoleteWithError(ISymbol symbol) => Find(symbol, "System", "ObsoleteAttribute") is { ConstructorArguments: [_, { Value: true }, ..] };

    public static IEnumerable<AttributeData> Unions(ISymbol symbol) => symbol.GetAttributes().Where(IsUnion);

    /// <summary>The attribute that makes a type a contract; null if there is none. If there are several, the most specific one counts.</summary>
    /// <remarks>
    /// A type that only has the attribute of MessagePack-CSharp is a contract if it is partial and not opted out; otherwise only that library uses it.
    /// </remarks>
    public static AttributeData? ContractAttribute(INamedTypeSymbol type)
    {
        AttributeData? contract = null;
        AttributeData? union = null;
        AttributeData? foreign = null;
        foreach (AttributeData attribute in type.GetAttributes())
        {
            if (IsNetMessage(attribute))
            {
                return attribute;
            }

            contract ??= IsNetContract(attribute) ? attribute : null;
            union ??= IsUnion(attribute) ? attribute : null;
            foreign ??= IsObject(attribute) ? attribute : null;
        }

        return contract ?? ((union ?? foreign) is { } other && IsPartialOrBuilt(type) && !IsOptedOut(type) ? other : null);
    }

    /// <summary>Whether a type would be a contract if it were partial.</summary>
    public static bool IsForeignContract(ITypeSymbol type) => type.GetAttributes().Any(attribute => IsObject(attribute) || IsUnion(attribute));

    public static bool IsPartial(INamedTypeSymbol type)
    {
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                return true;
            }
        }

        return false;
    }

    private static AttributeData? Find(ISymbol symbol, string space, string name)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass.Is(space, name))
            {
                return attribute;
            }
        }

        return null;
    }

    private static bool IsObject(AttributeData attribute) => attribute.AttributeClass.Is(MessagePack, "MessagePackObjectAttribute");

    // Metadata does not say "partial", but contains the generated code.
    private static bool IsPartialOrBuilt(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.IsEmpty ? type.GetAttributes().Any(IsDescription) : IsPartial(type);
}
