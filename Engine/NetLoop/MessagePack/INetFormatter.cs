using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>The MessagePack form of one type. Formatters of collections are built of the formatters of their elements, at compile time.</summary>
/// <remarks>Implemented by empty structs: as type arguments they cost no object and no virtual call.</remarks>
public interface INetFormatter<T>
{
    /// <summary>Writes one MessagePack value.</summary>
    static abstract void Write(ref NetWriter writer, in T value);

    /// <summary>Reads one MessagePack value.</summary>
    /// <returns>False when the bytes do not fit; <see cref="NetReader.Status"/> says why.</returns>
    static abstract bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out T value);
}
