using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>Writes and reads contracts whose bytes the source generator does not define, such as those of another serializer.</summary>
/// <remarks>
/// Set by <see cref="NetMessageAttribute.Codec"/> or <see cref="NetContractAttribute.Codec"/>. The implementing type has no state: its methods run on
/// the loop and, for values sent from other threads, on those threads at the same time.
/// </remarks>
public interface IMessageCodec
{
    /// <summary>Writes exactly one MessagePack value.</summary>
    /// <param name="writer">Receives the value.</param>
    /// <param name="value">Never null.</param>
    /// <remarks>A value that does not fit the writer's buffer leaves the writer overflowed. An exception passes to the caller of the send.</remarks>
    static abstract void Write<T>(ref NetWriter writer, in T value);

    /// <summary>Reads exactly one MessagePack value.</summary>
    /// <param name="reader">Positioned at the value.</param>
    /// <param name="value">The value read; default when there is none.</param>
    /// <returns>False if the bytes are not valid; <see cref="NetReader.Status"/> has the reason. Must not throw, because the bytes come from peers.</returns>
    static abstract bool TryRead<T>(ref NetReader reader, [MaybeNullWhen(false)] out T value);
}
