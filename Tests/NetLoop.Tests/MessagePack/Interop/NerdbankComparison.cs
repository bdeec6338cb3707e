using Nerdbank.MessagePack;
using PolyType;
using PolyType.ReflectionProvider;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Against Nerdbank.MessagePack, where its forms allow: it writes a map of the members' names, and has forms of its own for many types.</summary>
internal sealed class NerdbankComparison : ShapeComparison
{
    // All members, as others write them; by default it leaves out those that have their default.
    private static readonly MessagePackSerializer Serializer = new() { SerializeDefaultValues = SerializeDefaultValuesPolicy.Always };

    protected override byte[] Write<T>(T value) => Serializer.Serialize(value, Shape<T>());

    protected override T Read<T>(byte[] bytes) => Serializer.Deserialize(bytes, Shape<T>())!;

    private static ITypeShape<T> Shape<T>() => ReflectionTypeShapeProvider.Default.GetTypeShape<T>()!;
}
