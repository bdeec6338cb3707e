namespace NetLoop.Fuzzing.Mutation;

/// <summary>Writes MessagePack that is correct or nearly correct: all forms, lengths at the limits between forms, and headers with wrong counts.</summary>
internal static class MessagePackGrammar
{
    private const int MaxDepth = 6;
    private const int LieOnceIn = 40;

    private static readonly int[] Lengths = [0, 1, 2, 5, 15, 16, 31, 32, 33, 255, 256, 257];

    private static readonly ulong[] Numbers =
    [
        0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
        0x3B9A_C9FF, 0x3B9A_CA00, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue - 31, ulong.MaxValue - 32, ulong.MaxValue,
        0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0001, 0x7F80_0000, 0x43E0_0000_0000_0000,
    ];

    public static ulong Number(FuzzRandom random) => random.Below(4) switch
    {
        0 => random.Next64() >> random.Below(64),
        1 => Numbers[random.Below(Numbers.Length)] + (ulong)random.Below(3) - 1,
        _ => Numbers[random.Below(Numbers.Length)],
    };

    /// <summary>Adds one value with its contents.</summary>
    public static void AddValue(InputBuffer output, FuzzRandom random, int depth = 0)
    {
        int kinds = depth < MaxDepth ? 12 : 8;
        switch (random.Below(kinds))
        {
            case 0:
                output.Add((byte)(0xC0 + random.Below(4)));
                break;
            case 1 or 2:
                AddInteger(output, random);
                break;
            case 3:
                AddFloat(output, random);
                break;
            case 4 or 5:
                AddString(output, random);
                break;
            case 6:
                AddBinary(output, random);
                break;
            case 7:
                AddExtension(output, random);
                break;
            case 8 or 9 or 10:
                int items = Count(random);
                AddArrayHeader(output, random, items);
                for (; items > 0; items--)
                {
                    AddValue(output, random, depth + 1);
                }

                break;
            default:
                int pairs = Count(random);
                AddMapHeader(output, random, pairs);
                for (; pairs > 0; pairs--)
                {
                    AddValue(output, random, depth + 1);
                    AddValue(output, random, depth + 1);
                }

                break;
        }
    }

    public static void AddInteger(InputBuffer output, FuzzRandom random)
    {
        if (random.OneIn(2))
        {
            output.Add((byte)(random.OneIn(4) ? 0xE0 + random.Below(32) : random.Below(128)));
            return;
        }

        int form = random.Below(8);
        output.Add((byte)(0xCC + form));
        output.AddBigEndian(Number(random), 1 << (form & 3));
    }

    public static void AddFloat(InputBuffer output, FuzzRandom random)
    {
        bool isWide = random.OneIn(2);
        output.Add(isWide ? (byte)0xCB : (byte)0xCA);
        output.AddBigEndian(random.OneIn(2) ? Number(random) : random.Next64(), isWide ? 8 : 4);
    }

    public static void AddString(InputBuffer output, FuzzRandom random)
    {
        int length = Length(random);
        if (length < 32 && !random.OneIn(8))
        {
            output.Add((byte)(0xA0 + length));
        }
        else
        {
            AddHeader(output, random, 0xD9, [1, 2, 4], length);
        }

        bool isUtf8 = !random.OneIn(6);
        for (; length > 0; length--)
        {
            output.Add(isUtf8 ? (byte)('a' + random.Below(26)) : random.NextByte());
        }
    }

    public static void AddBinary(InputBuffer output, FuzzRandom random)
    {
        int length = Length(random);
        AddHeader(output, random, 0xC4, [1, 2, 4], length);
        AddNoise(output, random, length);
    }

    public static void AddExtension(InputBuffer output, FuzzRandom random)
    {
        byte type = random.OneIn(2) ? (byte)0xFF : random.NextByte();
        if (random.OneIn(2))
        {
            int form = random.Below(5);
            output.Add((byte)(0xD4 + form));
            output.Add(type);
            output.AddBigEndian(Number(random), Math.Min(8, 1 << form));
            AddNoise(output, random, Math.Max(0, (1 << form) - 8));
            return;
        }

        int length = random.OneIn(2) ? 12 : Length(random);
        AddHeader(output, random, 0xC7, [1, 2, 4], length);
        output.Add(type);
        if (length == 12)
        {
            output.AddBigEndian(Number(random), 4);
            output.AddBigEndian(Number(random), 8);
        }
        else
        {
            AddNoise(output, random, length);
        }
    }

    public static void AddArrayHeader(InputBuffer output, FuzzRandom random, int count)
    {
        if (count < 16 && !random.OneIn(16))
        {
            output.Add((byte)(0x90 + count));
        }
        else
        {
            AddHeader(output, random, 0xDC, [2, 4], count);
        }
    }

    public static void AddMapHeader(InputBuffer output, FuzzRandom random, int count)
    {
        if (count < 16 && !random.OneIn(16))
        {
            output.Add((byte)(0x80 + count));
        }
        else
        {
            AddHeader(output, random, 0xDE, [2, 4], count);
        }
    }

    private static void AddHeader(InputBuffer output, FuzzRandom random, byte firstCode, ReadOnlySpan<int> widths, int length)
    {
        int form = random.Below(widths.Length);
        while (form < widths.Length - 1 && length >> (widths[form] * 8) > 0)
        {
            form++;
        }

        output.Add((byte)(firstCode + form));
        output.AddBigEndian(random.OneIn(LieOnceIn) ? Number(random) : (ulong)length, widths[form]);
    }

    private static void AddNoise(InputBuffer output, FuzzRandom random, int length)
    {
        for (; length > 0; length--)
        {
            output.Add(random.NextByte());
        }
    }

    private static int Count(FuzzRandom random) => random.OneIn(24) ? Lengths[random.Below(Lengths.Length)] : random.Below(4);

    private static int Length(FuzzRandom random) => random.OneIn(6) ? Lengths[random.Below(Lengths.Length)] : random.Below(10);
}
