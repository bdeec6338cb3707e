using System.Diagnostics.CodeAnalysis;
using MessagePack;

namespace NetLoop;

/// <summary>
/// Lets MessagePack-CSharp write and read a contract, with its standard resolver: <c>[NetMessage(200, Codec =
/// typeof(MessagePackSerializerCodec))]</c>.
/// </summary>
/// <remarks>
/// Reading is limited by the session's <see cref="DecodeLimits"/> and by <see cref="MessagePackSecurity.UntrustedData"/>; exceptions of the serializer become a
/// <see cref="DecodeStatus"/>. Writing throws <see cref="MessagePackSerializationException"/>, and nothing is sent. Thread: any.
/// </remarks>
[RequiresDynamicCode("MessagePack-CSharp makes formatters at run time.")]
[RequiresUnreferencedCode("MessagePack-CSharp finds members by reflection.")]
public sealed class MessagePackSerializerCodec : IMessageCodec
{
    private static readonly PeerSerializer Serializer = new(MessagePackSerializerOptions.Standard);

    private MessagePackSerializerCodec()
    {
    }

    /// <inheritdoc/>
    public static void Write<T>(ref NetWriter writer, in T value) => Serializer.Write(ref writer, in value);

    /// <inheritdoc/>
    public static bool TryRead<T>(ref NetReader reader, [MaybeNullWhen(false)] out T value) => Serializer.TryRead(ref reader, out value);
}
