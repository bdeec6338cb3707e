namespace NetLoop.Benchmarks.Codec;

/// <summary>The values that every codec is measured with.</summary>
internal static class Samples
{
    /// <summary>A tick after some minutes and buttons above 127: both integers take their longer forms.</summary>
    public static PlayerMove Move => new(123_456, 1.5f, -22.25f, 333.125f, 3.14f, 0x85);
}
