using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using NetLoop.MessagePack.Wire;

namespace NetLoop.CompilerServices;

/// <summary>Writes values of known maximum size without checks, for generated code: each method takes the first free byte and returns the next.</summary>
/// <remarks>
/// Use only between <see cref="NetWriter.HasRoom"/>, for the sum of the maximum sizes, and <see cref="NetWriter.Commit"/>.
/// A generated contract is as fast as code written by hand because it has one capacity check and then straight-line stores, as few as possible: the
/// processor retires one store a cycle.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class FixedLayout
{
    /// <summary>Number of bytes after a value that writing it may overwrite.</summary>
    internal const int SpareBytes = 3;

    /// <summary>Writes the header of an array: 1 byte.</summary>
    /// <param name="at">The first free byte.</param>
    /// <param name="count">0 to 15.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte WriteArrayHeader(ref byte at, int count)
    {
        at = (byte)(MessagePackCode.FixArray | count);
        return ref Unsafe.Add(ref at, 1);
    }

    /// <summary>Writes nil: 1 byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte WriteNil(ref byte at)
    {
        at = MessagePackCode.Nil;
        return ref Unsafe.Add(ref at, 1);
    }

    /// <summary>Writes a boolean: 1 byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, bool value)
    {
        at = value ? MessagePackCode.True : MessagePackCode.False;
        return ref Unsafe.Add(ref at, 1);
    }

    /// <summary>Writes an integer: at most 2 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, byte value)
    {
        if (value <= MessagePackCode.MaxFixPositive)
        {
            at = value;
            return ref Unsafe.Add(ref at, 1);
        }

        return ref PutCoded(ref at, MessagePackCode.UInt8, value);
    }

    /// <summary>Writes an integer: at most 3 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, ushort value)
    {
        if (value <= byte.MaxValue)
        {
            return ref Write(ref at, (byte)value);
        }

        return ref PutCoded(ref at, MessagePackCode.UInt16, value);
    }

    /// <summary>Writes a UTF-16 code unit as an integer: at most 3 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, char value) => ref Write(ref at, (ushort)value);

    /// <summary>Writes an integer: at most 5 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, uint value)
    {
        if (value <= ushort.MaxValue)
        {
            return ref Write(ref at, (ushort)value);
        }

        return ref PutCoded(ref at, MessagePackCode.UInt32, value);
    }

    /// <summary>Writes an integer: at most 9 bytes.</summary>
    public static ref byte Write(ref byte at, ulong value)
    {
        if (value <= uint.MaxValue)
        {
            return ref Write(ref at, (uint)value);
        }

        return ref PutCoded(ref at, MessagePackCode.UInt64, value);
    }

    /// <summary>Writes an integer: at most 2 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, sbyte value)
    {
        if (value >= -32)
        {
            at = (byte)value;
            return ref Unsafe.Add(ref at, 1);
        }

        return ref PutCoded(ref at, MessagePackCode.Int8, (byte)value);
    }

    /// <summary>Writes an integer: at most 3 bytes.</summary>
    public static ref byte Write(ref byte at, short value)
    {
        if (value >= 0)
        {
            return ref Write(ref at, (ushort)value);
        }

        if (value >= sbyte.MinValue)
        {
            return ref Write(ref at, (sbyte)value);
        }

        return ref PutCoded(ref at, MessagePackCode.Int16, (ushort)value);
    }

    /// <summary>Writes an integer: at most 5 bytes.</summary>
    public static ref byte Write(ref byte at, int value)
    {
        if (value >= 0)
        {
            return ref Write(ref at, (uint)value);
        }

        if (value >= short.MinValue)
        {
            return ref Write(ref at, (short)value);
        }

        return ref PutCoded(ref at, MessagePackCode.Int32, (uint)value);
    }

    /// <summary>Writes an integer: at most 9 bytes.</summary>
    public static ref byte Write(ref byte at, long value)
    {
        if (value >= 0)
        {
            return ref Write(ref at, (ulong)value);
        }

        if (value >= int.MinValue)
        {
            return ref Write(ref at, (int)value);
        }

        return ref PutCoded(ref at, MessagePackCode.Int64, (ulong)value);
    }

    /// <summary>Writes a 32-bit float: 5 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, float value) =>
        ref PutCoded(ref at, MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes a 64-bit float: 9 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, double value) =>
        ref PutCoded(ref at, MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    // Code and bits in one store if they fit into eight bytes; the bytes after the value are overwritten by the next value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte PutCoded(ref byte at, byte code, byte bits)
    {
        Unsafe.WriteUnaligned(ref at, LittleEndian((ushort)(code | (bits << 8))));
        return ref Unsafe.Add(ref at, 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte PutCoded(ref byte at, byte code, ushort bits)
    {
        Unsafe.WriteUnaligned(ref at, LittleEndian(code | ((uint)BinaryPrimitives.ReverseEndianness(bits) << 8)));
        return ref Unsafe.Add(ref at, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte PutCoded(ref byte at, byte code, uint bits)
    {
        Unsafe.WriteUnaligned(ref at, LittleEndian(code | ((ulong)BinaryPrimitives.ReverseEndianness(bits) << 8)));
        return ref Unsafe.Add(ref at, 5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte PutCoded(ref byte at, byte code, ulong bits)
    {
        at = code;
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, 1), LittleEndian(BinaryPrimitives.ReverseEndianness(bits)));
        return ref Unsafe.Add(ref at, 9);
    }

    private static ushort LittleEndian(ushort value) => BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    private static uint LittleEndian(uint value) => BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    private static ulong LittleEndian(ulong value) => BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
}
