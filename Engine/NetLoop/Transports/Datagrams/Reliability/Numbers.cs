namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>Numbers that are 16 bits on the wire and never wrap here.</summary>
internal static class Numbers
{
    /// <summary>The number nearest to a known one whose low 16 bits are given; negative if it would lie before the first one.</summary>
    /// <param name="near">A number that is less than 32,768 away.</param>
    /// <param name="wire">The low 16 bits.</param>
    public static long Expand(long near, ushort wire) => near + (short)(wire - (ushort)near);
}
