using MessagePack;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Against MessagePack-CSharp with the settings that are recommended for untrusted data.</summary>
internal sealed class MessagePackCSharpComparison : ShapeComparison
{
    private static readonly MessagePackSerializerOptions Options = MessagePackSerializerOptions.Standard.WithSecurity(MessagePackSecurity.UntrustedData);

    protected override byte[] Write<T>(T value) => MessagePackSerializer.Serialize(value, Options);

    protected override T Read<T>(byte[] bytes) => MessagePackSerializer.Deserialize<T>(bytes, Options);
}
