using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace NetLoop.Benchmarks.Codec;

/// <summary>
/// The lower bound: codecs written by hand for a few types, with spans only. They check the room once for each value, accept every width in which writers may
/// send a member, and reject everything else. They have no versions, no limits, and no reason for a failure.
/// </summary>
internal static class HandWritten
{
    private const int MaxMoveBytes = 1 + 5 + FloatsBytes + 2;
    private const int MaxEntityBytes = 1 + 3 + FloatsBytes + 2;
    private const int FloatsBytes = 4 * 5;

    /// <summary>Writes a move.</summary>
    /// <returns>Number of bytes written; 0 if there is no room for the longest form.</returns>
    public static int WriteMove(Span<byte> destination, in PlayerMove move)
    {
        if (destination.Length < MaxMoveBytes)
        {
            return 0;
        }

        destination[0] = 0x96;
        int at = 1 + WriteInteger(destination[1..], move.Tick);
        WriteFloats(destination.Slice(at, FloatsBytes), move.X, move.Y, move.Z, move.Yaw);
        at += FloatsBytes;
        return at + WriteInteger(destination[at..], move.Buttons);
    }

    /// <summary>Reads a move.</summary>
    public static bool TryReadMove(ReadOnlySpan<byte> source, out PlayerMove move)
    {
        move = default;
        int at = 1;
        if (source.Length < 2 || source[0] != 0x96 || !TryReadInteger(source, ref at, out uint tick) || source.Length - at < FloatsBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> floats = source.Slice(at, FloatsBytes);
        at += FloatsBytes;
        if (!AreFloats(floats) || !TryReadInteger(source, ref at, out uint buttons) || buttons > byte.MaxValue)
        {
            return false;
        }

        move = new(tick, ReadFloat(floats, 0), ReadFloat(floats, 1), ReadFloat(floats, 2), ReadFloat(floats, 3), (byte)buttons);
        return true;
    }

    /// <summary>Writes a snapshot of at most 65,535 entities.</summary>
    /// <returns>Number of bytes written; 0 if there is no room for the longest form.</returns>
    public static int WriteSnapshot(Span<byte> destination, uint tick, ReadOnlySpan<Entity> entities)
    {
        if (destination.Length < 1 + 5 + 3 + (entities.Length * MaxEntityBytes) || entities.Length > ushort.MaxValue)
        {
            return 0;
        }

        destination[0] = 0x92;
        int at = 1 + WriteInteger(destination[1..], tick);
        destination[at] = 0xDC;
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 1)..], (ushort)entities.Length);
        at += 3;
        foreach (ref readonly Entity entity in entities)
        {
            Span<byte> room = destination[at..];
            room[0] = 0x96;
            int used = 1 + WriteInteger(room[1..], entity.Id);
            WriteFloats(room.Slice(used, FloatsBytes), entity.X, entity.Y, entity.Z, entity.Yaw);
            used += FloatsBytes;
            at += used + WriteInteger(room[used..], entity.State);
        }

        return at;
    }

    /// <summary>Reads a snapshot into existing memory.</summary>
    /// <returns>Number of entities read; -1 if the bytes are not a snapshot, or if it is larger than the memory.</returns>
    public static int ReadSnapshot(ReadOnlySpan<byte> source, out uint tick, Span<Entity> entities)
    {
        int count = ReadSnapshotHeader(source, out tick, out int at);
        return count >= 0 && count <= entities.Length && TryReadEntities(source[at..], entities[..count]) ? count : -1;
    }

    /// <summary>Reads a snapshot into a new array.</summary>
    public static bool TryReadSnapshot(ReadOnlySpan<byte> source, out Snapshot snapshot)
    {
        snapshot = default;
        int count = ReadSnapshotHeader(source, out uint tick, out int at);
        if (count < 0 || count > source.Length)
        {
            return false;
        }

        Entity[] entities = new Entity[count];
        if (!TryReadEntities(source[at..], entities))
        {
            return false;
        }

        snapshot = new(tick, entities);
        return true;
    }

    /// <summary>Writes a line of text once, after the header that it has if it is ASCII.</summary>
    /// <returns>Number of bytes written; 0 if there is no room.</returns>
    public static int WriteChat(Span<byte> destination, in Chat chat)
    {
        if (chat.Text.Length > 10_000 || destination.Length < 1 + 5 + 3 + (chat.Text.Length * 3))
        {
            return 0;
        }

        destination[0] = 0x92;
        int at = 1 + WriteInteger(destination[1..], chat.From);
        Span<byte> room = destination[at..];
        int guess = HeaderOf(chat.Text.Length);
        int bytes = Encoding.UTF8.GetBytes(chat.Text, room[guess..]);
        int header = HeaderOf(bytes);
        if (header != guess)
        {
            room.Slice(guess, bytes).CopyTo(room[header..]);
        }

        switch (header)
        {
            case 1:
                room[0] = (byte)(0xA0 | bytes);
                break;
            case 2:
                room[0] = 0xD9;
                room[1] = (byte)bytes;
                break;
            default:
                room[0] = 0xDA;
                BinaryPrimitives.WriteUInt16BigEndian(room[1..], (ushort)bytes);
                break;
        }

        return at + header + bytes;
    }

    /// <summary>Reads a line of text; bytes that are not UTF-8 are replaced.</summary>
    public static bool TryReadChat(ReadOnlySpan<byte> source, out Chat chat)
    {
        chat = default;
        int at = 1;
        if (source.Length < 2 || source[0] != 0x92 || !TryReadInteger(source, ref at, out uint from) || source.Length - at < 3)
        {
            return false;
        }

        ReadOnlySpan<byte> text = source[at..];
        int length;
        int header;
        switch (text[0])
        {
            case >= 0xA0 and <= 0xBF:
                (header, length) = (1, text[0] & 0x1F);
                break;
            case 0xD9:
                (header, length) = (2, text[1]);
                break;
            case 0xDA:
                (header, length) = (3, BinaryPrimitives.ReadUInt16BigEndian(text[1..]));
                break;
            default:
                return false;
        }

        if (text.Length - header < length)
        {
            return false;
        }

        chat = new(from, Encoding.UTF8.GetString(text.Slice(header, length)));
        return true;
    }

    private static int HeaderOf(int bytes) => bytes <= 31 ? 1 : bytes <= byte.MaxValue ? 2 : 3;

    private static int ReadSnapshotHeader(ReadOnlySpan<byte> source, out uint tick, out int at)
    {
        at = 1;
        tick = 0;
        if (source.Length < 2 || source[0] != 0x92 || !TryReadInteger(source, ref at, out tick) || source.Length - at < 3)
        {
            return -1;
        }

        if ((source[at] & 0xF0) == 0x90)
        {
            return source[at++] & 0x0F;
        }

        int count = source[at] == 0xDC ? BinaryPrimitives.ReadUInt16BigEndian(source[(at + 1)..]) : -1;
        at += 3;
        return count;
    }

    private static bool TryReadEntities(ReadOnlySpan<byte> source, Span<Entity> entities)
    {
        int at = 0;
        foreach (ref Entity entity in entities)
        {
            int used = ReadEntity(source[at..], out entity);
            if (used == 0)
            {
                return false;
            }

            at += used;
        }

        return true;
    }

    // A separate method, which writes each field in place. If it were inlined into the loop, the entity would be created on the stack and then copied in
    // larger pieces than it was written in, for which the processor stalls: it would take three times as long.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadEntity(ReadOnlySpan<byte> source, out Entity entity)
    {
        entity = default;
        int at = 1;
        if (source.Length < 2 || source[0] != 0x96
            || !TryReadInteger(source, ref at, out uint id) || id > ushort.MaxValue || source.Length - at < FloatsBytes)
        {
            return 0;
        }

        ReadOnlySpan<byte> floats = source.Slice(at, FloatsBytes);
        at += FloatsBytes;
        if (!AreFloats(floats) || !TryReadInteger(source, ref at, out uint state) || state > byte.MaxValue)
        {
            return 0;
        }

        entity = new((ushort)id, ReadFloat(floats, 0), ReadFloat(floats, 1), ReadFloat(floats, 2), ReadFloat(floats, 3), (byte)state);
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteInteger(Span<byte> destination, uint value)
    {
        if (value <= 0x7F)
        {
            destination[0] = (byte)value;
            return 1;
        }

        if (value <= byte.MaxValue)
        {
            destination[1] = (byte)value;
            destination[0] = 0xCC;
            return 2;
        }

        if (value <= ushort.MaxValue)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)value);
            destination[0] = 0xCD;
            return 3;
        }

        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], value);
        destination[0] = 0xCE;
        return 5;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadInteger(ReadOnlySpan<byte> source, ref int at, out uint value)
    {
        value = 0;
        if (at >= source.Length)
        {
            return false;
        }

        byte code = source[at];
        if (code <= 0x7F)
        {
            value = code;
            at++;
            return true;
        }

        ReadOnlySpan<byte> data = source[(at + 1)..];
        switch (code)
        {
            case 0xCC when data.Length >= 1:
                value = data[0];
                at += 2;
                return true;
            case 0xCD when data.Length >= 2:
                value = BinaryPrimitives.ReadUInt16BigEndian(data);
                at += 3;
                return true;
            case 0xCE when data.Length >= 4:
                value = BinaryPrimitives.ReadUInt32BigEndian(data);
                at += 5;
                return true;
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteFloats(Span<byte> room, float x, float y, float z, float w)
    {
        BinaryPrimitives.WriteSingleBigEndian(room[16..], w);
        BinaryPrimitives.WriteSingleBigEndian(room[11..], z);
        BinaryPrimitives.WriteSingleBigEndian(room[6..], y);
        BinaryPrimitives.WriteSingleBigEndian(room[1..], x);
        room[15] = 0xCA;
        room[10] = 0xCA;
        room[5] = 0xCA;
        room[0] = 0xCA;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreFloats(ReadOnlySpan<byte> floats) =>
        floats[15] == 0xCA && floats[10] == 0xCA && floats[5] == 0xCA && floats[0] == 0xCA;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ReadFloat(ReadOnlySpan<byte> floats, int index) => BinaryPrimitives.ReadSingleBigEndian(floats[((index * 5) + 1)..]);
}
