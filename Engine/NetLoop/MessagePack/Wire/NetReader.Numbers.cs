using System.Buffers.Binary;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

// An integer may have any of eleven forms: the fixed ones, four unsigned, four signed, and two floats with a whole value (some JavaScript
// libraries send large integers as floats). It is OutOfRange if the requested type cannot hold it exactly.
public ref partial struct NetReader
{
    /// <summary>Reads a boolean.</summary>
    public bool TryRead(out bool value)
    {
        value = false;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        if (code is not (MessagePackCode.False or MessagePackCode.True))
        {
            return FailType(code);
        }

        value = code == MessagePackCode.True;
        _position++;
        return true;
    }

    /// <summary>Reads an integer from 0 to 255.</summary>
    public bool TryRead(out byte value)
    {
        bool read = TryReadUnsigned(byte.MaxValue, out ulong wide);
        value = (byte)wide;
        return read;
    }

    /// <summary>Reads an integer from 0 to 65,535.</summary>
    public bool TryRead(out ushort value)
    {
        bool read = TryReadUnsigned(ushort.MaxValue, out ulong wide);
        value = (ushort)wide;
        return read;
    }

    /// <summary>Reads an integer from 0 to 65,535 as a UTF-16 code unit.</summary>
    public bool TryRead(out char value)
    {
        bool read = TryReadUnsigned(char.MaxValue, out ulong wide);
        value = (char)wide;
        return read;
    }

    /// <summary>Reads an integer from 0 to 2^32 - 1.</summary>
    public bool TryRead(out uint value)
    {
        bool read = TryReadUnsigned(uint.MaxValue, out ulong wide);
        value = (uint)wide;
        return read;
    }

    /// <summary>Reads an integer from 0 to 2^64 - 1.</summary>
    public bool TryRead(out ulong value) => TryReadUnsigned(ulong.MaxValue, out value);

    /// <summary>Reads an integer from -128 to 127.</summary>
    public bool TryRead(out sbyte value)
    {
        bool read = TryReadSigned(sbyte.MinValue, sbyte.MaxValue, out long wide);
        value = (sbyte)wide;
        return read;
    }

    /// <summary>Reads an integer from -32,768 to 32,767.</summary>
    public bool TryRead(out short value)
    {
        bool read = TryReadSigned(short.MinValue, short.MaxValue, out long wide);
        value = (short)wide;
        return read;
    }

    /// <summary>Reads an integer from -2^31 to 2^31 - 1.</summary>
    public bool TryRead(out int value)
    {
        bool read = TryReadSigned(int.MinValue, int.MaxValue, out long wide);
        value = (int)wide;
        return read;
    }

    /// <summary>Reads an integer from -2^63 to 2^63 - 1.</summary>
    public bool TryRead(out long value) => TryReadSigned(long.MinValue, long.MaxValue, out value);

    /// <summary>Reads a float of either width, or an integer, rounded to the nearest value; OutOfRange when a finite value would become infinite.</summary>
    public bool TryRead(out float value)
    {
        int start = _position;
        if ((uint)start < (uint)_source.Length && _source[start] == MessagePackCode.Float32 && TryPeek(sizeof(float), out ReadOnlySpan<byte> data))
        {
            // Not by way of a double, which would make a signaling NaN a quiet one.
            value = BinaryPrimitives.ReadSingleBigEndian(data);
            _position = start + 1 + sizeof(float);
            return true;
        }

        bool read = TryRead(out double wide);
        value = (float)wide;
        return read && (float.IsFinite(value) || !double.IsFinite(wide) || FailAt(start, DecodeStatus.OutOfRange));
    }

    /// <summary>Reads a float of either width, or an integer, rounded to the nearest value.</summary>
    public bool TryRead(out double value)
    {
        value = 0;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        if (code is MessagePackCode.Float32 or MessagePackCode.Float64)
        {
            return TryReadFloat(code, out value);
        }

        if (!TryReadInteger(out ulong bits, out bool negative))
        {
            return false;
        }

        value = negative ? (long)bits : bits;
        return true;
    }

    private bool TryReadUnsigned(ulong max, out ulong value)
    {
        int start = _position;
        if ((uint)start < (uint)_source.Length && _source[start] <= MessagePackCode.MaxFixPositive)
        {
            value = _source[start];
            _position = start + 1;
            return true;
        }

        if (!TryReadInteger(out value, out bool negative))
        {
            return false;
        }

        return (!negative && value <= max) || FailAt(start, DecodeStatus.OutOfRange);
    }

    private bool TryReadSigned(long min, long max, out long value)
    {
        int start = _position;
        if ((uint)start < (uint)_source.Length && (sbyte)_source[start] >= -32)
        {
            value = (sbyte)_source[start];
            _position = start + 1;
            return true;
        }

        bool read = TryReadInteger(out ulong bits, out bool negative);
        value = (long)bits;
        return read && ((negative ? value >= min : bits <= (ulong)max) || FailAt(start, DecodeStatus.OutOfRange));
    }

    // Negative numbers are returned as the bits of a long.
    private bool TryReadInteger(out ulong bits, out bool negative)
    {
        bits = 0;
        negative = false;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        int width = code switch
        {
            <= MessagePackCode.MaxFixPositive or >= MessagePackCode.MinFixNegative => 0,
            MessagePackCode.UInt8 or MessagePackCode.Int8 => 1,
            MessagePackCode.UInt16 or MessagePackCode.Int16 => 2,
            MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32 => 4,
            MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64 => 8,
            _ => -1,
        };
        if (width < 0)
        {
            return FailType(code);
        }

        if (!TryPeek(width, out ReadOnlySpan<byte> data))
        {
            return false;
        }

        switch (code)
        {
            case MessagePackCode.Float32:
            case MessagePackCode.Float64:
                return TryReadWholeFloat(code, out bits, out negative);
            case MessagePackCode.UInt8:
                bits = data[0];
                break;
            case MessagePackCode.UInt16:
                bits = BinaryPrimitives.ReadUInt16BigEndian(data);
                break;
            case MessagePackCode.UInt32:
                bits = BinaryPrimitives.ReadUInt32BigEndian(data);
                break;
            case MessagePackCode.UInt64:
                bits = BinaryPrimitives.ReadUInt64BigEndian(data);
                break;
            default:
                long signed = width switch
                {
                    0 => (sbyte)code,
                    1 => (sbyte)data[0],
                    2 => BinaryPrimitives.ReadInt16BigEndian(data),
                    4 => BinaryPrimitives.ReadInt32BigEndian(data),
                    _ => BinaryPrimitives.ReadInt64BigEndian(data),
                };
                bits = (ulong)signed;
                negative = signed < 0;
                break;
        }

        _position += 1 + width;
        return true;
    }

    private bool TryReadWholeFloat(byte code, out ulong bits, out bool negative)
    {
        int start = _position;
        bits = 0;
        negative = false;
        if (!TryReadFloat(code, out double value))
        {
            return false;
        }
        // Written so that NaN fails too. Both bounds are exact: -2^63 and 2^64.
        if (!(value >= long.MinValue && value < 18446744073709551616.0) || Math.Truncate(value) != value)
        {
            return FailAt(start, DecodeStatus.OutOfRange);
        }

        negative = value < 0;
        bits = negative ? (ulong)(long)value : (ulong)value;
        return true;
    }

    private bool TryReadFloat(byte code, out double value)
    {
        value = 0;
        int width = code == MessagePackCode.Float32 ? 4 : 8;
        if (!TryPeek(width, out ReadOnlySpan<byte> data))
        {
            return false;
        }

        value = width == 4 ? BinaryPrimitives.ReadSingleBigEndian(data) : BinaryPrimitives.ReadDoubleBigEndian(data);
        _position += 1 + width;
        return true;
    }

    private bool FailAt(int position, DecodeStatus status)
    {
        _position = position;
        return Fail(status);
    }
}
