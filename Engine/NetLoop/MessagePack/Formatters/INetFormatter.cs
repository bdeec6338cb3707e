using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop.CompilerServices;

/// <summary>Defines the MessagePack form of one type. Formatters of collections are composed from the formatters of their elements, at compile time.</summary>
/// <remarks>Implemented by empty structs, which as type arguments need no object and no virtual call.</remarks>
public interface INetFormatter<T>
{
    /// <summary>Memory of an empty value, in bytes, including the objects that it is created with. Absent members are such values.</summary>
    /// <param name="depth">Number of levels of nested contracts to count.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static virtual int EmptyBytes(int depth) => 0;

    /// <summary>Writes one MessagePack value.</summary>
    static abstract void Write(ref NetWriter writer, in T value);

    /// <summary>Reads one MessagePack value.</summary>
    /// <returns>False if the bytes do not fit; <see cref="NetReader.Status"/> has the reason.</returns>
    static abstract bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out T value);
}
