namespace NetLoop.Benchmarks.Codec;

/// <summary>Ends a benchmark that would compare different things.</summary>
internal static class Expect
{
    public static void SameBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new InvalidOperationException($"{Convert.ToHexString(actual)} instead of {Convert.ToHexString(expected)}");
        }
    }
}
