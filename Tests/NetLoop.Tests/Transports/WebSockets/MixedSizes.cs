namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>Message lengths on both sides of every boundary of the framing, most of them short.</summary>
internal static class MixedSizes
{
    private static readonly int[] Borders = [1, 2, 124, 125, 126, 127, 128, 1000, 4096, 16_384, 65_535, 65_536];

    public static int Of(int message) => message % 50 == 0 ? Borders[message / 50 % Borders.Length] : 1 + (message * 37 % 400);
}
