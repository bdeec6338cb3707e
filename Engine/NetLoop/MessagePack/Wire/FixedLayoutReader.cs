using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetLoop.MessagePack.Wire;

namespace NetLoop.CompilerServices;

/// <summary>Reads the forms that writers usually choose, for generated code. It leaves all other forms to the general reader.</summary>
/// <remarks>
/// It copies a reader's position into two fields and has only inlined methods, so the JIT keeps it in registers for the whole contract. That is what
/// makes it fast. Created by <see cref="NetReader.BeginFixedLayout"/>; after success, <see cref="NetReader.EndFixedLayout"/> moves
/// the reader.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref partial struct FixedLayoutReader
{
    private ref byte _at;
    private int _left;

    internal FixedLayoutReader(ReadOnlySpan<byte> source)
    {
        _at = ref MemoryMarshal.GetReference(source);
        _left = source.Length;
    }

    internal readonly int Left => _left;

    /// <summary>Reads the header of an array of exactly this many elements.</summary>
    /// <param name="count">0 to 15.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadArrayHeader(int count) => TryReadCode((byte)(MessagePackCode.FixArray | count));

    /// <summary>Reads nil.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNil() => TryReadCode(MessagePackCode.Nil);

    /// <summary>Reads a boolean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out bool value)
    {
        value = false;
        if (_left < 1 || (_at | 1) != MessagePackCode.True)
        {
            return false;
        }

        value = _at == MessagePackCode.True;
        Advance(1);
        return true;
    }

    /// <summary>Reads an integer of one or two bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out byte value)
    {
        value = 0;
        if (_left >= 1 && _at <= MessagePackCode.MaxFixPositive)
        {
            value = _at;
            Advance(1);
            return true;
        }

        if (_left >= 2 && _at == MessagePackCode.UInt8)
        {
            value = Unsafe.Add(ref _at, 1);
            Advance(2);
            return true;
        }

        return false;
    }

    /// <summary>Reads an integer in one of its unsigned forms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out ushort value)
    {
        if (_left >= 3 && _at == MessagePackCode.UInt16)
        {
            value = (ushort)Get16(1);
            Advance(3);
            return true;
        }

        bool read = TryRead(out byte small);
        value = small;
        return read;
    }

    /// <summary>Reads a UTF-16 code unit, written as an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out char value)
    {
        bool read = TryRead(out ushort bits);
        value = (char)bits;
        return read;
    }

    /// <summary>Reads an integer in one of its unsigned forms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out uint value)
    {
        if (_left >= 5 && _at == MessagePackCode.UInt32)
        {
            value = Get32(1);
            Advance(5);
            return true;
        }

        bool read = TryRead(out ushort small);
        value = small;
        return read;
    }

    /// <summary>Reads an integer in one of its unsigned forms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out ulong value)
    {
        if (_left >= 9 && _at == MessagePackCode.UInt64)
        {
            value = Get64(1);
            Advance(9);
            return true;
        }

        bool read = TryRead(out uint small);
        value = small;
        return read;
    }

    /// <summary>Reads an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out sbyte value)
    {
        bool read = TryReadSigned(out long wide);
        value = (sbyte)wide;
        return read && value == wide;
    }

    /// <summary>Reads an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out short value)
    {
        bool read = TryReadSigned(out long wide);
        value = (short)wide;
        return read && value == wide;
    }

    /// <summary>Reads an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out int value)
    {
        bool read = TryReadSigned(out long wide);
        value = (int)wide;
        return read && value == wide;
    }

    /// <summary>Reads an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out long value) => TryReadSigned(out value);

    /// <summary>Reads a 32-bit float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out float value)
    {
        if (_left < 5 || _at != MessagePackCode.Float32)
        {
            value = 0;
            return false;
        }

        value = BitConverter.UInt32BitsToSingle(Get32(1));
        Advance(5);
        return true;
    }

    /// <summary>Reads a 64-bit float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out double value)
    {
        if (_left < 9 || _at != MessagePackCode.Float64)
        {
            value = 0;
            return false;
        }

        value = BitConverter.UInt64BitsToDouble(Get64(1));
        Advance(9);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadCode(byte code)
    {
        if (_left < 1 || _at != code)
        {
            return false;
        }

        Advance(1);
        return true;
    }

    // This method reads integers of one byte. The wider forms are in a separate method that gets copies and returns the number of bytes used: passing this
    // struct by reference would force it out of the registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadSigned(out long value)
    {
        if (_left >= 1 && (sbyte)_at >= -32)
        {
            value = (sbyte)_at;
            Advance(1);
            return true;
        }

        int used = ReadWide(ref _at, _left, out value);
        Advance(used);
        return used != 0;
    }

    private static int ReadWide(ref byte at, int left, out long value)
    {
        value = 0;
        if (left < 2)
        {
            return 0;
        }

        byte code = at;
        ref byte data = ref Unsafe.Add(ref at, 1);
        switch (code)
        {
            case MessagePackCode.UInt8:
                value = data;
                return 2;
            case MessagePackCode.Int8:
                value = (sbyte)data;
                return 2;
            case MessagePackCode.UInt16 when left >= 3:
                value = BigEndian(Unsafe.ReadUnaligned<ushort>(ref data));
                return 3;
            case MessagePackCode.Int16 when left >= 3:
                value = (short)BigEndian(Unsafe.ReadUnaligned<ushort>(ref data));
                return 3;
            case MessagePackCode.UInt32 when left >= 5:
                value = BigEndian(Unsafe.ReadUnaligned<uint>(ref data));
                return 5;
            case MessagePackCode.Int32 when left >= 5:
                value = (int)BigEndian(Unsafe.ReadUnaligned<uint>(ref data));
                return 5;
            case MessagePackCode.UInt64 when left >= 9:
                value = (long)BigEndian(Unsafe.ReadUnaligned<ulong>(ref data));
                return value < 0 ? 0 : 9;
            case MessagePackCode.Int64 when left >= 9:
                value = (long)BigEndian(Unsafe.ReadUnaligned<ulong>(ref data));
                return 9;
            default:
                return 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Advance(int bytes)
    {
        _at = ref Unsafe.Add(ref _at, bytes);
        _left -= bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint Get16(int offset) => BigEndian(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref _at, offset)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint Get32(int offset) => BigEndian(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref _at, offset)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Get64(int offset) => BigEndian(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _at, offset)));

    private static ushort BigEndian(ushort raw) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(raw) : raw;

    private static uint BigEndian(uint raw) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(raw) : raw;

    private static ulong BigEndian(ulong raw) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(raw) : raw;
}
