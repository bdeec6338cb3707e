using System.Text;

namespace NetLoop.Tests.MessagePack.Peers;

/// <summary>Random values that every language supports: no integer beyond 64 bits, no map with equal keys, no time finer than milliseconds.</summary>
internal static class RandomValues
{
    private const int MaxDepth = 4;
    private const int MaxItems = 5;

    // The ends of each form.
    private static readonly long[] Integers =
    [
        0, 1, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, int.MaxValue, int.MaxValue + 1L, uint.MaxValue, uint.MaxValue + 1L, long.MaxValue,
        -1, -32, -33, -128, -129, short.MinValue, short.MinValue - 1, int.MinValue, int.MinValue - 1L, long.MinValue,
    ];

    private static readonly int[] Lengths = [0, 1, 15, 16, 31, 32, 255, 256];

    private static readonly string[] Letters = ["a", "Z", "ß", "\u20AC", "\uD83D\uDE00", "\0"];

    /// <summary>Writes values in sequence.</summary>
    public static byte[] Write(int count, int seed)
    {
        Random random = new(seed);
        NetWriter writer = new(new byte[count * 256]);
        for (; count > 0; count--)
        {
            Write(ref writer, random, 0);
        }

        return writer.Overflowed ? throw new InvalidOperationException("The values take more room than there is.") : writer.Written.ToArray();
    }

    private static void Write(ref NetWriter writer, Random random, int depth)
    {
        switch (random.Next(depth < MaxDepth ? 12 : 9))
        {
            case 0:
                writer.WriteNil();
                break;
            case 1:
                writer.Write(random.Next(2) == 0);
                break;
            case 2:
                writer.Write(Integers[random.Next(Integers.Length)]);
                break;
            case 3:
                writer.Write(random.Next(4) == 0 ? ulong.MaxValue - (ulong)random.Next(2) : (ulong)random.NextInt64() >> random.Next(63));
                break;
            case 4:
                writer.Write((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)));
                break;
            case 5:
                writer.Write((float)random.NextDouble());
                break;
            case 6:
                WriteString(ref writer, random);
                break;
            case 7:
                byte[] data = new byte[Length(random)];
                random.NextBytes(data);
                writer.WriteBinary(data);
                break;
            case 8 when random.Next(2) == 0:
                writer.WriteTimestamp(random.NextInt64(-10_000_000_000, 100_000_000_000), random.Next(1000) * 1_000_000);
                break;
            case 8:
                writer.WriteExtension((sbyte)random.Next(1, 128), new byte[Length(random)]);
                break;
            case 9 or 10:
                int items = random.Next(50) == 0 ? Length(random) : random.Next(MaxItems);
                writer.WriteArrayHeader(items);
                for (; items > 0; items--)
                {
                    Write(ref writer, random, items > MaxItems ? MaxDepth : depth + 1);
                }

                break;
            default:
                int pairs = random.Next(50) == 0 ? random.Next(14, 18) : random.Next(MaxItems);
                writer.WriteMapHeader(pairs);
                for (; pairs > 0; pairs--)
                {
                    writer.Write($"key {pairs}");
                    Write(ref writer, random, pairs > MaxItems ? MaxDepth : depth + 1);
                }

                break;
        }
    }

    private static void WriteString(ref NetWriter writer, Random random)
    {
        StringBuilder text = new();
        for (int length = Length(random); length > 0; length--)
        {
            text.Append(random.Next(8) == 0 ? Letters[random.Next(Letters.Length)] : Letters[0]);
        }

        writer.Write(text.ToString());
    }

    private static int Length(Random random) => random.Next(8) == 0 ? Lengths[random.Next(Lengths.Length)] : random.Next(12);
}
