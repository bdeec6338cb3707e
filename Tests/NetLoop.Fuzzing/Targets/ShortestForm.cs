namespace NetLoop.Fuzzing.Targets;

/// <summary>A second implementation of the rule that a writer uses the shortest form that holds a value.</summary>
internal static class ShortestForm
{
    private const byte TimestampType = 0xFF;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Checks values in sequence.</summary>
    /// <param name="written">Whole, well-formed values.</param>
    /// <returns>The index of the first value that has a shorter form; -1 if there is none.</returns>
    public static int FindLonger(ReadOnlySpan<byte> written)
    {
        for (int at = 0; at < written.Length;)
        {
            if (!IsShortest(written[at..], out long bytes))
            {
                return at;
            }

            at += (int)Math.Min(bytes, written.Length - at);
        }

        return -1;
    }

    // Number of bytes, with the contents of values that hold no other values.
    private static bool IsShortest(ReadOnlySpan<byte> value, out long bytes)
    {
        byte code = value[0];
        switch (code)
        {
            case >= 0xA0 and <= 0xBF:
                bytes = 1 + (code & 0x1F);
                return true;
            case 0xCA or 0xCB:
                bytes = code == 0xCA ? 5 : 9;
                return true;
            case >= 0xCC and <= 0xCF:
                bytes = 1 + Width(code - 0xCC);
                return NeedsAll(value, code - 0xCC, beyond: 0x7F);
            case >= 0xD0 and <= 0xD3:
                int bits = 8 * Width(code - 0xD0);
                bytes = 1 + (bits / 8);
                long number = (long)(Number(value, code - 0xD0) << (64 - bits)) >> (64 - bits);
                return number < (bits == 8 ? -32 : -(1L << ((bits / 2) - 1)));
            case >= 0xC4 and <= 0xC6:
                bytes = 1 + Width(code - 0xC4) + (long)Number(value, code - 0xC4);
                return code == 0xC4 || NeedsAll(value, code - 0xC4, beyond: 0);
            case >= 0xD9 and <= 0xDB:
                bytes = 1 + Width(code - 0xD9) + (long)Number(value, code - 0xD9);
                return NeedsAll(value, code - 0xD9, beyond: 31);
            case 0xDC or 0xDE:
                bytes = 3;
                return Number(value, 1) > 15;
            case 0xDD or 0xDF:
                bytes = 5;
                return Number(value, 2) > ushort.MaxValue;
            case >= 0xD4 and <= 0xD8:
                bytes = 2 + (1 << (code - 0xD4));
                return IsShortestTimestamp(value, headerBytes: 2, 1 << (code - 0xD4));
            case >= 0xC7 and <= 0xC9:
                int content = (int)Number(value, code - 0xC7);
                int headerBytes = 2 + Width(code - 0xC7);
                bytes = headerBytes + (long)content;
                return (code == 0xC7 ? content is not (1 or 2 or 4 or 8 or 16) : NeedsAll(value, code - 0xC7, beyond: 0))
                    && IsShortestTimestamp(value, headerBytes, content);
            default:
                bytes = 1;
                return code != 0xC1;
        }
    }

    private static int Width(int power) => 1 << power;

    private static ulong Number(ReadOnlySpan<byte> value, int power)
    {
        ulong number = 0;
        foreach (byte part in value.Slice(1, Width(power)))
        {
            number = (number << 8) | part;
        }

        return number;
    }

    // Whether half of the bytes would not be enough; for the shortest form, whether a form without extra bytes would not be.
    private static bool NeedsAll(ReadOnlySpan<byte> value, int power, ulong beyond) =>
        power == 0 ? Number(value, power) > beyond : Number(value, power) >> (4 * Width(power)) != 0;

    // 4 bytes of seconds; or 30 bits of nanoseconds and 34 bits of seconds; or 4 bytes of nanoseconds and 8 bytes of seconds.
    private static bool IsShortestTimestamp(ReadOnlySpan<byte> value, int headerBytes, int contentBytes)
    {
        if (value[headerBytes - 1] != TimestampType || contentBytes is not (8 or 12))
        {
            return true;
        }

        ulong high = 0;
        foreach (byte part in value.Slice(headerBytes, contentBytes - 8))
        {
            high = (high << 8) | part;
        }

        ulong low = 0;
        foreach (byte part in value.Slice(headerBytes + contentBytes - 8, 8))
        {
            low = (low << 8) | part;
        }

        return contentBytes == 8
            ? low >> 34 >= NanosecondsPerSecond || low >> 32 != 0
            : high >= NanosecondsPerSecond || low >> 34 != 0;
    }
}
