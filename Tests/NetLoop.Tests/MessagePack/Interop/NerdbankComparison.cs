using Nerdbank.MessagePack;
using PolyType;
using PolyType.ReflectionProvider;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Against Nerdbank.MessagePack where both have the same form: it writes a map of the members' names, and has its own forms for many types.</summary>
internal sealed class NerdbankComparison : ShapeComparison
{
    // Writes all members, as others do; by default it leaves out those that have their default value.
    private static readonly MessagePackSerializer Serializer = new() { SerializeDefaultValues = SerializeDefaultValuesPolicy.Always };

    protected override byte[] Write<T>(T value) => Serializer.Serialize(value, Shape<T>());

    protected override T Read<T>(byte[] bytes) => Serializer.Deserialize(bytes, Shape<T>())!;

    private static ITypeShape<T> Shape<T>() => ReflectionTypeShapeProvider.Default.GetTypeShape<T>()!;
}
