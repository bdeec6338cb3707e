using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>
/// Lets MessagePack-CSharp write and read a contract, with options of the application: its resolvers, its formatters, or the old
/// specification.
/// </summary>
/// <typeparam name="TOptions">Provides the options.</typeparam>
/// <remarks>Otherwise the same as <see cref="MessagePackSerializerCodec"/>.</remarks>
[RequiresDynamicCode("MessagePack-CSharp makes formatters at run time.")]
[RequiresUnreferencedCode("MessagePack-CSharp finds members by reflection.")]
public sealed class MessagePackSerializerCodec<TOptions> : IMessageCodec
    where TOptions : IMessagePackOptions
{
    // Created with the first message instead of in a static constructor, so that invalid options throw their own exception.
    private static PeerSerializer? _serializer;

    private MessagePackSerializerCodec()
    {
    }

    private static PeerSerializer Serializer => _serializer ??= new PeerSerializer(TOptions.Options);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The options cannot be used with peers; the message says why.</exception>
    public static void Write<T>(ref NetWriter writer, in T value) => Serializer.Write(ref writer, in value);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The options cannot be used with peers; the message says why.</exception>
    public static bool TryRead<T>(ref NetReader reader, [MaybeNullWhen(false)] out T value) => Serializer.TryRead(ref reader, out value);
}
