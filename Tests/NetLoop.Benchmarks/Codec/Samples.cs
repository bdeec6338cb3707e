namespace NetLoop.Benchmarks.Codec;

/// <summary>The values with which every codec is measured.</summary>
internal static class Samples
{
    /// <summary>A tick after half an hour and buttons above 127: both integers take their longer forms. 28 bytes.</summary>
    public static PlayerMove Move => new(123_456, 1.5f, -22.25f, 333.125f, 3.14f, 0x85);

    /// <summary>60 characters, all of them ASCII. 64 bytes.</summary>
    public static Chat Chat => new(17, "The quick brown fox jumps over the lazy dog, and then sleeps");

    /// <summary>60 characters, four of them of two or three bytes. 70 bytes.</summary>
    public static Chat ForeignChat => new(17, "Der flinke Fuchs überspringt den faulen Hund — für 3 € nur.!");

    /// <summary>100 entities whose integers take one to three bytes.</summary>
    public static Snapshot Snapshot => new(123_456, [.. Enumerable.Range(0, 100).Select(Entity)]);

    private static Entity Entity(int index) =>
        new((ushort)(index * 7), index * 1.25f, -index, 100 - index, index * 0.0628f, (byte)(index * 5));
}
