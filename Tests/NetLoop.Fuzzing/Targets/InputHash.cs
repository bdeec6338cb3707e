namespace NetLoop.Fuzzing.Targets;

/// <summary>A number that follows from an input, so that what a target chooses at random can be repeated from the input alone.</summary>
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
