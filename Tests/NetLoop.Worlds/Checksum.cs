using System.Buffers.Binary;

namespace NetLoop.Worlds;

/// <summary>The expected content of a message of the workload, computed from its sender and its number.</summary>
internal static class Checksum
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    public static ulong Of(ulong a, ulong b, long number)
    {
        ulong hash = (a * Step) ^ (b + 0xBF58476D1CE4E5B9);
        hash = (hash ^ (hash >> 31) ^ (ulong)number) * 0x94D049BB133111EB;
        return hash ^ (hash >> 29);
    }

    /// <summary>Bytes that follow from the check value and from no other.</summary>
    public static byte[] Filler(ulong check, int length)
    {
        byte[] filler = GC.AllocateUninitializedArray<byte>(length);
        Span<byte> rest = filler;
        while (rest.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, check);
            check += Step;
            rest = rest[sizeof(ulong)..];
        }

        foreach (ref byte last in rest)
        {
            last = (byte)check;
            check >>= 8;
        }

        return filler;
    }

    /// <summary>Whether a filler arrived unchanged.</summary>
    public static bool Fits(ulong check, ReadOnlySpan<byte> filler)
    {
        while (filler.Length >= sizeof(ulong))
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(filler) != check)
            {
                return false;
            }

            check += Step;
            filler = filler[sizeof(ulong)..];
        }

        foreach (byte last in filler)
        {
            if (last != (byte)check)
            {
                return false;
            }

            check >>= 8;
        }

        return true;
    }
}
