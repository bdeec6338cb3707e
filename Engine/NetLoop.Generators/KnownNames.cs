using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetLoop.Generators;

/// <summary>The attributes and types that the generator knows by name; it references neither the engine nor the MessagePack package.</summary>
internal static class KnownNames
{
    public const string EngineAssembly = "NetLoop.Engine";
    public const string NetMessage = "NetLoop.NetMessageAttribute";
    public const string NetContract = "NetLoop.NetContractAttribute";
    public const string Union = "MessagePack.UnionAttribute";
    public const string MessagePackObject = "MessagePack.MessagePackObjectAttribute";
    public const string MessageCodec = "NetLoop.IMessageCodec";
    public const string Contract = "NetLoop.INetContract<TSelf>";

    /// <summary>Each of these makes a type a contract; of several, the first counts.</summary>
    public static readonly string[] ContractAttributes = [NetMessage, NetContract, Union, MessagePackObject];

    public static AttributeData? Key(ISymbol symbol) => Find(symbol, "MessagePack.KeyAttribute");

    public static bool IsIgnored(ISymbol symbol) => Find(symbol, "MessagePack.IgnoreMemberAttribute") is not null;

    /// <summary>[MessagePackObject(keyAsPropertyName: true)]: every public member is keyed by its own name.</summary>
    public static bool UsesNamesAsKeys(ISymbol symbol) =>
        Find(symbol, MessagePackObject) is { ConstructorArguments: [{ Value: true }, ..] };

    public static bool IsForConstruction(ISymbol constructor) =>
        Find(constructor, "MessagePack.SerializationConstructorAttribute") is not null;

    /// <summary>A constructor behind which required members need not be set.</summary>
    public static bool SetsRequiredMembers(ISymbol constructor) =>
        Find(constructor, "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute") is not null;

    public static IEnumerable<AttributeData> Unions(ISymbol symbol) =>
        symbol.GetAttributes().Where(found => found.AttributeClass?.ToDisplayString() == Union);

    /// <summary>The attribute that makes a type a contract, or null.</summary>
    /// <remarks>
    /// A type that only has the attribute of MessagePack-CSharp is a contract when it is partial: without, it belongs to that library alone.
    /// </remarks>
    public static string? ContractAttribute(INamedTypeSymbol type) => ContractAttributes.FirstOrDefault(
        attribute => Find(type, attribute) is not null && (attribute is not (Union or MessagePackObject) || IsPartial(type)));

    /// <summary>A type that only lacks "partial" to be a contract here.</summary>
    public static bool IsForeignContract(ITypeSymbol type) => (Find(type, MessagePackObject) ?? Find(type, Union)) is not null;

    public static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax())
        .OfType<TypeDeclarationSyntax>()
        .Any(declaration => declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    public static AttributeData? Find(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().FirstOrDefault(found => found.AttributeClass?.ToDisplayString() == attribute);
}
