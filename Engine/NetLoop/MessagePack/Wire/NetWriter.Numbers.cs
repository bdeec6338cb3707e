using System.Buffers.Binary;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

public ref partial struct NetWriter
{
    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteByte(MessagePackCode.Nil);

    /// <summary>Writes a boolean.</summary>
    public void Write(bool value) => WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    /// <summary>Writes an integer.</summary>
    public void Write(byte value) => Write((uint)value);

    /// <summary>Writes an integer.</summary>
    public void Write(ushort value) => Write((uint)value);

    /// <summary>Writes a UTF-16 code unit as an integer.</summary>
    public void Write(char value) => Write((uint)value);

    /// <summary>Writes an integer.</summary>
    public void Write(uint value)
    {
        if (value <= MessagePackCode.MaxFixPositive)
        {
            WriteByte((byte)value);
        }
        else if (value <= byte.MaxValue)
        {
            WriteCoded(MessagePackCode.UInt8, (byte)value);
        }
        else if (value <= ushort.MaxValue)
        {
            WriteCoded(MessagePackCode.UInt16, (ushort)value);
        }
        else
        {
            WriteCoded(MessagePackCode.UInt32, value);
        }
    }

    /// <summary>Writes an integer.</summary>
    public void Write(ulong value)
    {
        if (value <= uint.MaxValue)
        {
            Write((uint)value);
        }
        else
        {
            WriteCoded(MessagePackCode.UInt64, value);
        }
    }

    /// <summary>Writes an integer.</summary>
    public void Write(sbyte value) => Write((int)value);

    /// <summary>Writes an integer.</summary>
    public void Write(short value) => Write((int)value);

    /// <summary>Writes an integer.</summary>
    public void Write(int value)
    {
        if (value >= 0)
        {
            Write((uint)value);
        }
        else if (value >= -32)
        {
            WriteByte((byte)value);
        }
        else if (value >= sbyte.MinValue)
        {
            WriteCoded(MessagePackCode.Int8, (byte)value);
        }
        else if (value >= short.MinValue)
        {
            WriteCoded(MessagePackCode.Int16, (ushort)value);
        }
        else
        {
            WriteCoded(MessagePackCode.Int32, (uint)value);
        }
    }

    /// <summary>Writes an integer.</summary>
    public void Write(long value)
    {
        if (value >= 0)
        {
            Write((ulong)value);
        }
        else if (value >= int.MinValue)
        {
            Write((int)value);
        }
        else
        {
            WriteCoded(MessagePackCode.Int64, (ulong)value);
        }
    }

    /// <summary>Writes a 32-bit float: always 5 bytes.</summary>
    public void Write(float value) => WriteCoded(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes a 64-bit float: always 9 bytes.</summary>
    public void Write(double value) => WriteCoded(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    private void WriteByte(byte value)
    {
        if (TryTake(1, out Span<byte> room))
        {
            room[0] = value;
        }
    }

    private void WriteCoded(byte code, byte value)
    {
        if (TryTake(2, out Span<byte> room))
        {
            room[1] = value;
            room[0] = code;
        }
    }

    private void WriteCoded(byte code, ushort value)
    {
        if (TryTake(3, out Span<byte> room))
        {
            BinaryPrimitives.WriteUInt16BigEndian(room[1..], value);
            room[0] = code;
        }
    }

    private void WriteCoded(byte code, uint value)
    {
        if (TryTake(5, out Span<byte> room))
        {
            BinaryPrimitives.WriteUInt32BigEndian(room[1..], value);
            room[0] = code;
        }
    }

    private void WriteCoded(byte code, ulong value)
    {
        if (TryTake(9, out Span<byte> room))
        {
            BinaryPrimitives.WriteUInt64BigEndian(room[1..], value);
            room[0] = code;
        }
    }
}
