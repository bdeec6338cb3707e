using System.Buffers.Binary;
using System.Text;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

public ref partial struct NetWriter
{
    /// <summary>Writes the count that begins an array; that many values must follow.</summary>
    /// <param name="count">At least 0.</param>
    public void WriteArrayHeader(int count) =>
        WriteCount(count, MessagePackCode.FixArray, MessagePackCode.Array16, MessagePackCode.Array32);

    /// <summary>Writes the count that begins a map; that many pairs of key and value must follow.</summary>
    /// <param name="count">At least 0.</param>
    public void WriteMapHeader(int count) =>
        WriteCount(count, MessagePackCode.FixMap, MessagePackCode.Map16, MessagePackCode.Map32);

    /// <summary>Writes a string, or nil for null.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
        }
        else
        {
            Write(value.AsSpan());
        }
    }

    /// <summary>Writes a string. Half a surrogate pair becomes U+FFFD, so that the string sent is valid UTF-8.</summary>
    public void Write(scoped ReadOnlySpan<char> value)
    {
        // Counting the bytes first would cost as much as converting. Most text is ASCII, so its length determines the header; other text is moved if it needs
        // a longer header.
        int guess = StringHeaderBytes(value.Length);
        if (guess <= _span.Length - _position && Encoding.UTF8.TryGetBytes(value, _span[(_position + guess)..], out int bytes))
        {
            int header = StringHeaderBytes(bytes);
            if (header == guess || TryWiden(guess, header, bytes))
            {
                PutStringHeader(_span[_position..], header, bytes);
                _position += header + bytes;
                return;
            }
        }

        if (TryTakeString(Encoding.UTF8.GetByteCount(value), out Span<byte> room))
        {
            Encoding.UTF8.GetBytes(value, room);
        }
    }

    /// <summary>Writes a string that is already encoded as UTF-8; it is not checked.</summary>
    public void WriteUtf8(scoped ReadOnlySpan<byte> value)
    {
        if (TryTakeString(value.Length, out Span<byte> room))
        {
            value.CopyTo(room);
        }
    }

    /// <summary>Writes binary data, or nil for null.</summary>
    public void WriteBinary(byte[]? value)
    {
        if (value is null)
        {
            WriteNil();
        }
        else
        {
            WriteBinary(value.AsSpan());
        }
    }

    /// <summary>Writes binary data.</summary>
    public void WriteBinary(scoped ReadOnlySpan<byte> value)
    {
        int header = value.Length <= byte.MaxValue ? 2 : value.Length <= ushort.MaxValue ? 3 : 5;
        if (TryTake(header + value.Length, out Span<byte> room))
        {
            PutLength(room, header, value.Length, MessagePackCode.Binary8, MessagePackCode.Binary16, MessagePackCode.Binary32);
            value.CopyTo(room[header..]);
        }
    }

    private static void PutLength(Span<byte> room, int header, int length, byte code8, byte code16, byte code32)
    {
        switch (header)
        {
            case 2:
                room[1] = (byte)length;
                room[0] = code8;
                break;
            case 3:
                BinaryPrimitives.WriteUInt16BigEndian(room[1..], (ushort)length);
                room[0] = code16;
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(room[1..], (uint)length);
                room[0] = code32;
                break;
        }
    }

    private void WriteCount(int count, byte fixedForm, byte code16, byte code32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count <= MessagePackCode.MaxFixCount)
        {
            WriteByte((byte)(fixedForm | count));
        }
        else if (count <= ushort.MaxValue)
        {
            WriteCoded(code16, (ushort)count);
        }
        else
        {
            WriteCoded(code32, (uint)count);
        }
    }

    private static int StringHeaderBytes(int bytes) =>
        bytes <= MessagePackCode.MaxFixStringBytes ? 1 : bytes <= byte.MaxValue ? 2 : bytes <= ushort.MaxValue ? 3 : 5;

    private static void PutStringHeader(Span<byte> room, int header, int bytes)
    {
        if (header == 1)
        {
            room[0] = (byte)(MessagePackCode.FixString | bytes);
        }
        else
        {
            PutLength(room, header, bytes, MessagePackCode.String8, MessagePackCode.String16, MessagePackCode.String32);
        }
    }

    private readonly bool TryWiden(int from, int to, int bytes)
    {
        Span<byte> room = _span[_position..];
        return to + bytes <= room.Length && room.Slice(from, bytes).TryCopyTo(room[to..]);
    }

    private bool TryTakeString(int bytes, out Span<byte> content)
    {
        int header = StringHeaderBytes(bytes);
        if (!TryTake(header + bytes, out Span<byte> room))
        {
            content = default;
            return false;
        }

        PutStringHeader(room, header, bytes);
        content = room[header..];
        return true;
    }
}
