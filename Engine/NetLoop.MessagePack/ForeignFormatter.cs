using NetLoop.CompilerServices;

namespace NetLoop;

/// <summary>Writes and reads a type in the way it was added to <see cref="MessageTypes"/>, or as a contract.</summary>
internal readonly struct ForeignFormatter<T> : INetFormatter<T>
{
    public static void Write(ref NetWriter writer, in T value) => ForeignType<T>.Form.Write(ref writer, in value);

    public static bool TryRead(ref NetReader reader, out T value) => ForeignType<T>.Form.TryRead(ref reader, out value);
}
