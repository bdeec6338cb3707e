using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>Writes and reads contracts whose bytes the source generator does not define, such as those of another serializer.</summary>
/// <remarks>
/// Named by <see cref="NetMessageAttribute.Codec"/> or <see cref="NetContractAttribute.Codec"/>. Implemented by a type without state: its
/// methods run on the loop
/// and, for values sent from elsewhere, on other threads at the same time.
/// </remarks>
public interface IMessageCodec
{
    /// <summary>Writes exactly one MessagePack value.</summary>
    /// <param name="writer">Where the value goes.</param>
    /// <param name="value">Never null.</param>
    /// <remarks>A value that does not fit the writer's buffer leaves the writer overflowed; an exception ends the send that asked for it.</remarks>
    static abstract void Write<T>(ref NetWriter writer, in T value);

    /// <summary>Reads exactly one MessagePack value.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="value">The value read; default when there is none.</param>
    /// <returns>False when the bytes do not fit; <see cref="NetReader.Status"/> says why. An exception is a bug here: bytes come from peers.</returns>
    static abstract bool TryRead<T>(ref NetReader reader, [MaybeNullWhen(false)] out T value);
}
