using System.Buffers.Binary;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

public ref partial struct NetReader
{
    // The range of DateTime in seconds since 1970: from the year 1 to the year 9999.
    private const long MinDateTimeSeconds = -62_135_596_800;
    private const long MaxDateTimeSeconds = 253_402_300_799;

    private const int MaxNanoseconds = 999_999_999;

    /// <summary>Reads a timestamp extension, in UTC and whole ticks (100 ns). OutOfRange if it is not in the years 1 to 9999.</summary>
    public bool TryRead(out DateTime value)
    {
        int start = _position;
        value = default;
        if (!TryReadTimestamp(out long seconds, out int nanoseconds))
        {
            return false;
        }

        if (seconds is < MinDateTimeSeconds or > MaxDateTimeSeconds)
        {
            return FailAt(start, DecodeStatus.OutOfRange);
        }

        value = new DateTime(DateTime.UnixEpoch.Ticks + (seconds * TimeSpan.TicksPerSecond) + (nanoseconds / 100), DateTimeKind.Utc);
        return true;
    }

    /// <summary>Reads an array of the local time, marked as UTC, and the offset in minutes, as MessagePack-CSharp writes it.</summary>
    public bool TryRead(out DateTimeOffset value)
    {
        const int maxOffsetMinutes = 14 * 60;
        int start = _position;
        value = default;
        if (!TryReadArrayHeader(out int count))
        {
            return false;
        }

        if (count != 2)
        {
            return FailAt(start, DecodeStatus.WrongType);
        }

        if (!TryRead(out DateTime local) || !TryRead(out short minutes))
        {
            return false;
        }

        long utcTicks = local.Ticks - (minutes * TimeSpan.TicksPerMinute);
        if (minutes is < -maxOffsetMinutes or > maxOffsetMinutes || utcTicks < 0 || utcTicks > DateTime.MaxValue.Ticks)
        {
            return FailAt(start, DecodeStatus.OutOfRange);
        }

        value = new DateTimeOffset(local.Ticks, TimeSpan.FromMinutes(minutes));
        return true;
    }

    /// <summary>Reads a timestamp extension of any of its three lengths.</summary>
    /// <param name="seconds">Since 1970-01-01 UTC, rounded down.</param>
    /// <param name="nanoseconds">0 to 999,999,999, in addition to those seconds.</param>
    internal bool TryReadTimestamp(out long seconds, out int nanoseconds)
    {
        seconds = 0;
        nanoseconds = 0;
        int start = _position;
        if (!TryPeekExtension(out int headerBytes, out uint length))
        {
            return false;
        }

        if ((sbyte)_source[_position + headerBytes - 1] != MessagePackCode.TimestampExtension)
        {
            return Fail(DecodeStatus.WrongType);
        }

        if (length is not (4 or 8 or 12))
        {
            return Fail(DecodeStatus.Malformed);
        }

        if (!TryTakeBlock(headerBytes, length, maxLength: 12, out ReadOnlySpan<byte> data))
        {
            return false;
        }

        uint fraction = 0;
        long whole;
        switch (length)
        {
            case 4:
                whole = BinaryPrimitives.ReadUInt32BigEndian(data);
                break;
            case 8:
                ulong both = BinaryPrimitives.ReadUInt64BigEndian(data);
                fraction = (uint)(both >> 34);
                whole = (long)(both & ((1UL << 34) - 1));
                break;
            default:
                fraction = BinaryPrimitives.ReadUInt32BigEndian(data);
                whole = BinaryPrimitives.ReadInt64BigEndian(data[4..]);
                break;
        }

        if (fraction > MaxNanoseconds)
        {
            return FailAt(start, DecodeStatus.OutOfRange);
        }

        seconds = whole;
        nanoseconds = (int)fraction;
        return true;
    }
}
