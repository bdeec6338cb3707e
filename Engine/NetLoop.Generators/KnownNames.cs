using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators;

/// <summary>The attributes and types that the generator knows by name; it references neither the engine nor the MessagePack package.</summary>
internal static class KnownNames
{
    public const string EngineAssembly = "NetLoop.Engine";
    public const string NetMessage = "NetLoop.NetMessageAttribute";
    public const string NetContract = "NetLoop.NetContractAttribute";
    public const string Contract = "NetLoop.INetContract<TSelf>";

    public static AttributeData? Key(ISymbol symbol) => Find(symbol, "NetLoop.KeyAttribute") ?? Find(symbol, "MessagePack.KeyAttribute");

    public static bool IsIgnored(ISymbol symbol) =>
        (Find(symbol, "NetLoop.IgnoreMemberAttribute") ?? Find(symbol, "MessagePack.IgnoreMemberAttribute")) is not null;

    /// <summary>[MessagePackObject(keyAsPropertyName: true)]: every public member is keyed by its own name.</summary>
    public static bool UsesNamesAsKeys(ISymbol symbol) =>
        Find(symbol, "MessagePack.MessagePackObjectAttribute") is { ConstructorArguments: [{ Value: true }, ..] };

    public static AttributeData? Find(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().FirstOrDefault(found => found.AttributeClass?.ToDisplayString() == attribute);
}
