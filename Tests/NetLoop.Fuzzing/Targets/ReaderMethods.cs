using NetLoop.Tests.MessagePack;

namespace NetLoop.Fuzzing.Targets;

/// <summary>The methods of the reader by number, to call any of them on any bytes.</summary>
internal static class ReaderMethods
{
    public const int Count = 21;

    /// <summary>The method that does not check whether a string is UTF-8.</summary>
    public const int OfRawText = 13;

    /// <summary>Calls a method.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="method">The number of the method.</param>
    /// <param name="isEmpty">Whether the result is the one that a failure must give.</param>
    /// <param name="isWholeValue">Whether the method reads a value with its contents.</param>
    public static bool TryRead(ref NetReader reader, int method, out bool isEmpty, out bool isWholeValue)
    {
        isWholeValue = method < 18;
        bool read;
        switch (method)
        {
            case 0:
                read = reader.TryRead(out bool flag);
                isEmpty = !flag;
                return read;
            case 1:
                return Ignoring(reader.TryRead(out byte _), out isEmpty);
            case 2:
                return Ignoring(reader.TryRead(out sbyte _), out isEmpty);
            case 3:
                return Ignoring(reader.TryRead(out ushort _), out isEmpty);
            case 4:
                return Ignoring(reader.TryRead(out short _), out isEmpty);
            case 5:
                return Ignoring(reader.TryRead(out char _), out isEmpty);
            case 6:
                return Ignoring(reader.TryRead(out uint _), out isEmpty);
            case 7:
                return Ignoring(reader.TryRead(out int _), out isEmpty);
            case 8:
                return Ignoring(reader.TryRead(out ulong _), out isEmpty);
            case 9:
                return Ignoring(reader.TryRead(out long _), out isEmpty);
            case 10:
                return Ignoring(reader.TryRead(out float _), out isEmpty);
            case 11:
                return Ignoring(reader.TryRead(out double _), out isEmpty);
            case 12:
                read = reader.TryRead(out string? text);
                isEmpty = text is null;
                return read;
            case OfRawText:
                read = reader.TryReadUtf8(out ReadOnlySpan<byte> utf8);
                isEmpty = utf8.IsEmpty;
                return read;
            case 14:
                read = reader.TryReadBinary(out ReadOnlySpan<byte> data);
                isEmpty = data.IsEmpty;
                return read;
            case 15:
                read = reader.TryReadExtension(out sbyte type, out ReadOnlySpan<byte> content);
                isEmpty = type == 0 && content.IsEmpty;
                return read;
            case 16:
                read = reader.TryRead(out DateTime time);
                isEmpty = time == default;
                return read;
            case 17:
                read = reader.TryRead(out DateTimeOffset moment);
                isEmpty = moment == default;
                return read;
            case 18:
                read = reader.TryReadArrayHeader(out int count);
                isEmpty = count == 0;
                return read;
            case 19:
                read = reader.TryReadMapHeader(out int pairs);
                isEmpty = pairs == 0;
                return read;
            default:
                read = reader.TryReadTimestamp(out long seconds, out int nanoseconds);
                isEmpty = seconds == 0 && nanoseconds == 0;
                return read;
        }
    }

    // A number that is out of range may stay in the variable; the engine promises nothing about it.
    private static bool Ignoring(bool read, out bool isEmpty)
    {
        isEmpty = true;
        return read;
    }
}
