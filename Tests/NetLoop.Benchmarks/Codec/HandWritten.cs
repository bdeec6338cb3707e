using System.Buffers.Binary;

namespace NetLoop.Benchmarks.Codec;

/// <summary>
/// The limit: codecs as one writes them by hand for one type, with spans and nothing else. They check the room once, accept every width that
/// writers choose for a value of the type and refuse the rest, but know no versions, no limits and no reason for a failure.
/// </summary>
internal static class HandWritten
{
    public const int MaxMoveBytes = 1 + 5 + (4 * 5) + 2;

    /// <summary>Writes a move.</summary>
    /// <returns>The bytes written; 0 when there is no room for the longest form.</returns>
    public static int WriteMove(Span<byte> destination, in PlayerMove move)
    {
        if (destination.Length < MaxMoveBytes)
        {
            return 0;
        }
        destination[0] = 0x96;
        int at = 1 + WriteUInt32(destination[1..], move.Tick);
        WriteSingle(destination[at..], move.X);
        WriteSingle(destination[(at + 5)..], move.Y);
        WriteSingle(destination[(at + 10)..], move.Z);
        WriteSingle(destination[(at + 15)..], move.Yaw);
        return at + 20 + WriteByte(destination[(at + 20)..], move.Buttons);
    }

    private static int WriteUInt32(Span<byte> destination, uint value)
    {
        if (value <= 0x7F)
        {
            destination[0] = (byte)value;
            return 1;
        }
        if (value <= 0xFF)
        {
            destination[0] = 0xCC;
            destination[1] = (byte)value;
            return 2;
        }
        if (value <= 0xFFFF)
        {
            destination[0] = 0xCD;
            BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)value);
            return 3;
        }
        destination[0] = 0xCE;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], value);
        return 5;
    }

    private static int WriteByte(Span<byte> destination, byte value)
    {
        if (value <= 0x7F)
        {
            destination[0] = value;
            return 1;
        }
        destination[1] = value;
        destination[0] = 0xCC;
        return 2;
    }

    private static void WriteSingle(Span<byte> destination, float value)
    {
        BinaryPrimitives.WriteSingleBigEndian(destination[1..5], value);
        destination[0] = 0xCA;
    }
}
