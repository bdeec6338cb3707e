namespace NetLoop.Fuzzing.Targets;

/// <summary>A hash of an input, so that random choices of a target can be repeated from the input alone.</summary>
internal static class InputHash
{
    /// <summary>FNV-1a.</summary>
    public static ulong Of(ReadOnlySpan<byte> input)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte unit in input)
        {
            hash = (hash ^ unit) * 0x100_0000_01B3;
        }

        return hash;
    }
}
