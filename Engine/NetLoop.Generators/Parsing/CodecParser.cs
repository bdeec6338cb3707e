using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the codec of a contract whose code is not generated.</summary>
internal static class CodecParser
{
    private const string Property = "Codec";

    /// <summary>Whether an attribute names a codec, even one that cannot be used.</summary>
    public static bool IsNamed(AttributeData attribute) => attribute.NamedArguments.Any(IsCodec);

    /// <summary>The codec of a contract; null if it has no usable codec.</summary>
    public static INamedTypeSymbol? Of(INamedTypeSymbol contract) =>
        KnownNames.ContractAttribute(contract) is { } attribute && IsNamed(attribute)
            ? Parse(attribute, out _)
            : null;

    /// <summary>The type that an attribute names, or the mistake in it.</summary>
    public static INamedTypeSymbol? Parse(AttributeData attribute, out string problem)
    {
        ITypeSymbol? type = attribute.NamedArguments.First(IsCodec).Value.Value as ITypeSymbol;
        problem = type switch
        {
            null => "it is null; name a type, or leave it out to have the code generated",
            INamedTypeSymbol { IsUnboundGenericType: true } => $"'{type.Name}' is generic; write the type arguments too",
            not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } => $"'{type.ToDisplayString()}' is neither a class nor a struct",
            _ when !type.AllInterfaces.Any(KnownNames.IsMessageCodec) => $"'{type.Name}' does not implement IMessageCodec",
            _ => "",
        };
        return problem.Length == 0 ? (INamedTypeSymbol?)type : null;
    }

    private static bool IsCodec(KeyValuePair<string, TypedConstant> argument) => argument.Key == Property;
}
