using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop.CompilerServices;

/// <summary>The MessagePack form of one type. Formatters of collections are built of the formatters of their elements, at compile time.</summary>
/// <remarks>Implemented by empty structs: as type arguments they cost no object and no virtual call.</remarks>
public interface INetFormatter<T>
{
    /// <summary>Memory that an empty value takes, in bytes: an object, and the objects that it is made with. Absent members are such values.</summary>
    /// <param name="depth">For how many levels of contracts inside each other to count what they are made with.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static virtual int EmptyBytes(int depth) => 0;

    /// <summary>Writes one MessagePack value.</summary>
    static abstract void Write(ref NetWriter writer, in T value);

    /// <summary>Reads one MessagePack value.</summary>
    /// <returns>False when the bytes do not fit; <see cref="NetReader.Status"/> says why.</returns>
    static abstract bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out T value);
}
