using System.Buffers.Binary;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

public ref partial struct NetWriter
{
    private const long MaxTimestamp64Seconds = (1L << 34) - 1;

    /// <summary>Writes a point in time as the timestamp extension: 6, 10 or 15 bytes.</summary>
    /// <param name="value">A local time is converted to UTC; a time of unspecified kind is treated as UTC.</param>
    public void Write(DateTime value)
    {
        if (value.Kind == DateTimeKind.Local)
        {
            value = value.ToUniversalTime();
        }

        long ticks = value.Ticks - DateTime.UnixEpoch.Ticks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        WriteTimestamp(seconds, (int)rest * 100);
    }

    /// <summary>Writes an array of the local time, marked as UTC, and the offset in minutes, as MessagePack-CSharp does.</summary>
    public void Write(DateTimeOffset value)
    {
        WriteArrayHeader(2);
        Write(new DateTime(value.Ticks, DateTimeKind.Utc));
        Write(value.TotalOffsetMinutes);
    }

    /// <summary>Writes a point in time as the timestamp extension.</summary>
    /// <param name="seconds">Since 1970-01-01 UTC, rounded down.</param>
    /// <param name="nanoseconds">0 to 999,999,999, in addition to those seconds.</param>
    internal void WriteTimestamp(long seconds, int nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nanoseconds, 999_999_999);
        if (seconds is < 0 or > MaxTimestamp64Seconds)
        {
            if (TryTake(15, out Span<byte> room))
            {
                room[0] = MessagePackCode.Extension8;
                room[1] = 12;
                room[2] = unchecked((byte)MessagePackCode.TimestampExtension);
                BinaryPrimitives.WriteInt32BigEndian(room[3..], nanoseconds);
                BinaryPrimitives.WriteInt64BigEndian(room[7..], seconds);
            }
        }
        else if (seconds > uint.MaxValue || nanoseconds != 0)
        {
            if (TryTake(10, out Span<byte> room))
            {
                room[0] = MessagePackCode.FixExtension8;
                room[1] = unchecked((byte)MessagePackCode.TimestampExtension);
                BinaryPrimitives.WriteUInt64BigEndian(room[2..], ((ulong)nanoseconds << 34) | (ulong)seconds);
            }
        }
        else if (TryTake(6, out Span<byte> room))
        {
            room[0] = MessagePackCode.FixExtension4;
            room[1] = unchecked((byte)MessagePackCode.TimestampExtension);
            BinaryPrimitives.WriteUInt32BigEndian(room[2..], (uint)seconds);
        }
    }
}
