using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using NetLoop.MessagePack;

namespace NetLoop;

/// <summary>Writes values of known largest size without checks, for generated code: each method takes the first free byte and returns the next.</summary>
/// <remarks>
/// Only between <see cref="MessagePackWriter.TryReserve"/>, for the sum of the largest sizes, and <see cref="MessagePackWriter.Commit"/>.
/// Straight-line stores behind one capacity check are what brings a generated contract near to code written by hand.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class FixedLayout
{
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
        at = MessagePackCode.UInt8;
        Unsafe.Add(ref at, 1) = value;
        return ref Unsafe.Add(ref at, 2);
    }

    /// <summary>Writes an integer: at most 3 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, ushort value)
    {
        if (value <= byte.MaxValue)
        {
            return ref Write(ref at, (byte)value);
        }
        at = MessagePackCode.UInt16;
        Put(ref Unsafe.Add(ref at, 1), value);
        return ref Unsafe.Add(ref at, 3);
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
        at = MessagePackCode.UInt32;
        Put(ref Unsafe.Add(ref at, 1), value);
        return ref Unsafe.Add(ref at, 5);
    }

    /// <summary>Writes an integer: at most 9 bytes.</summary>
    public static ref byte Write(ref byte at, ulong value)
    {
        if (value <= uint.MaxValue)
        {
            return ref Write(ref at, (uint)value);
        }
        at = MessagePackCode.UInt64;
        Put(ref Unsafe.Add(ref at, 1), value);
        return ref Unsafe.Add(ref at, 9);
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
        at = MessagePackCode.Int8;
        Unsafe.Add(ref at, 1) = (byte)value;
        return ref Unsafe.Add(ref at, 2);
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
        at = MessagePackCode.Int16;
        Put(ref Unsafe.Add(ref at, 1), (ushort)value);
        return ref Unsafe.Add(ref at, 3);
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
        at = MessagePackCode.Int32;
        Put(ref Unsafe.Add(ref at, 1), (uint)value);
        return ref Unsafe.Add(ref at, 5);
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
        at = MessagePackCode.Int64;
        Put(ref Unsafe.Add(ref at, 1), (ulong)value);
        return ref Unsafe.Add(ref at, 9);
    }

    /// <summary>Writes a 32-bit float: 5 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, float value)
    {
        at = MessagePackCode.Float32;
        Put(ref Unsafe.Add(ref at, 1), BitConverter.SingleToUInt32Bits(value));
        return ref Unsafe.Add(ref at, 5);
    }

    /// <summary>Writes a 64-bit float: 9 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, double value)
    {
        at = MessagePackCode.Float64;
        Put(ref Unsafe.Add(ref at, 1), BitConverter.DoubleToUInt64Bits(value));
        return ref Unsafe.Add(ref at, 9);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref byte at, ushort value) =>
        Unsafe.WriteUnaligned(ref at, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref byte at, uint value) =>
        Unsafe.WriteUnaligned(ref at, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref byte at, ulong value) =>
        Unsafe.WriteUnaligned(ref at, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
}
