namespace NetLoop.CompilerServices;

public static partial class NetFormatters
{
    /// <summary>Formats <see cref="global::System.DateOnly"/> as a 32-bit integer: days since the first of January of the year 1.</summary>
    public readonly struct DateOnly : INetFormatter<System.DateOnly>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.DateOnly value) => writer.Write(value.DayNumber);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.DateOnly value)
        {
            value = default;
            if (!reader.TryRead(out int day))
            {
                return false;
            }

            if ((uint)day > (uint)System.DateOnly.MaxValue.DayNumber)
            {
                return reader.Fail(DecodeStatus.OutOfRange);
            }

            value = System.DateOnly.FromDayNumber(day);
            return true;
        }
    }

    /// <summary>Formats <see cref="global::System.TimeOnly"/> as a 64-bit integer: ticks (100 ns) since midnight.</summary>
    public readonly struct TimeOnly : INetFormatter<System.TimeOnly>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.TimeOnly value) => writer.Write(value.Ticks);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.TimeOnly value)
        {
            value = default;
            if (!reader.TryRead(out long ticks))
            {
                return false;
            }

            if ((ulong)ticks > (ulong)System.TimeOnly.MaxValue.Ticks)
            {
                return reader.Fail(DecodeStatus.OutOfRange);
            }

            value = new(ticks);
            return true;
        }
    }
}
