namespace NetLoop.Benchmarks.Codec;

/// <summary>Ends a benchmark whose codecs do different things.</summary>
internal static class Expect
{
    public static void SameBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new InvalidOperationException($"{Convert.ToHexString(actual)} instead of {Convert.ToHexString(expected)}");
        }
    }

    public static void SameItems<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : IEquatable<T>
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new InvalidOperationException($"[{string.Join(", ", actual.ToArray())}] instead of [{string.Join(", ", expected.ToArray())}]");
        }
    }
}
