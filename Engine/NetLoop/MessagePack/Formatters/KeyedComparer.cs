using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetLoop.Diagnostics;

namespace NetLoop.MessagePack.Formatters;

/// <summary>Compares as usual and hashes with the random key of this process, so that nobody can choose keys that collide.</summary>
/// <remarks>
/// The hash codes of numbers in .NET are the numbers themselves, or their two halves combined, so 10^5 colliding keys are easily made and turn a dictionary
/// into a list. Strings are hashed with Marvin and a random key anyway; here the bits of any value are hashed in the same way. Thread: any.
/// </remarks>
internal sealed class KeyedComparer<T> : IEqualityComparer<T>
{
    private KeyedComparer() => Invariant.Holds(!RuntimeHelpers.IsReferenceOrContainsReferences<T>());

    /// <summary>The comparer for keys of this type; null for strings, which need none.</summary>
    public static KeyedComparer<T>? Instance { get; } = typeof(T) == typeof(string) ? null : new();

    public bool Equals(T? x, T? y) => EqualityComparer<T>.Default.Equals(x, y);

    // Equal values must have equal hashes, and these types have equal values with different bits: 0 and -0, the many NaN, a DateTime with another kind, the
    // same moment with another offset.
    public int GetHashCode(T obj)
    {
        if (typeof(T) == typeof(double))
        {
            double number = (double)(object)obj!;
            return HashBits(double.IsNaN(number) ? double.NaN : number + 0.0);
        }

        if (typeof(T) == typeof(float))
        {
            float number = (float)(object)obj!;
            return HashBits(float.IsNaN(number) ? float.NaN : number + 0.0f);
        }

        if (typeof(T) == typeof(DateTime))
        {
            return HashBits(((DateTime)(object)obj!).Ticks);
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            return HashBits(((DateTimeOffset)(object)obj!).UtcTicks);
        }

        return HashBits(obj);
    }

    private static int HashBits<TBits>(TBits value)
    {
        if (Unsafe.SizeOf<TBits>() == 1)
        {
            return string.GetHashCode([(char)Unsafe.As<TBits, byte>(ref value)]);
        }

        ref char first = ref Unsafe.As<TBits, char>(ref value);
        return string.GetHashCode(MemoryMarshal.CreateReadOnlySpan(ref first, Unsafe.SizeOf<TBits>() / sizeof(char)));
    }
}
