using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Benchmarks.Codec;

/// <summary>Calls the code of the source generator, which is implemented explicitly.</summary>
internal static class Contract
{
    public static void Write<T>(ref NetWriter writer, in T value)
        where T : INetContract<T> => T.Write(ref writer, in value);

    public static bool TryRead<T>(ref NetReader reader, [MaybeNullWhen(false)] out T value)
        where T : INetContract<T> => T.TryRead(ref reader, out value);
}
