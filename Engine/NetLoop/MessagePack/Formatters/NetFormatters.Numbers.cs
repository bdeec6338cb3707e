using System.Buffers.Binary;

namespace NetLoop.CompilerServices;

// Numbers without a form in MessagePack.
public static partial class NetFormatters
{
    private const int Int128Bytes = 16;

    // Longer numbers are rare and get an array.
    private const int MaxStackBigIntegerBytes = 256;

    /// <summary>Formats <see cref="global::System.Half"/> as a 32-bit float.</summary>
    public readonly struct Half : INetFormatter<System.Half>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Half value) => writer.Write((float)value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Half value)
        {
            bool read = reader.TryRead(out float wide);
            value = (System.Half)wide;
            return read && (System.Half.IsFinite(value) || !float.IsFinite(wide) || reader.Fail(DecodeStatus.OutOfRange));
        }
    }

    /// <summary>Formats <see cref="global::System.Int128"/> as 16 bytes of binary data, little-endian.</summary>
    public readonly struct Int128 : INetFormatter<System.Int128>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Int128 value)
        {
            Span<byte> data = stackalloc byte[Int128Bytes];
            BinaryPrimitives.WriteInt128LittleEndian(data, value);
            writer.WriteBinary(data);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Int128 value)
        {
            bool read = TryRead16Bytes(ref reader, out ReadOnlySpan<byte> data);
            value = read ? BinaryPrimitives.ReadInt128LittleEndian(data) : default;
            return read;
        }
    }

    /// <summary>Formats <see cref="global::System.UInt128"/> as 16 bytes of binary data, little-endian.</summary>
    public readonly struct UInt128 : INetFormatter<System.UInt128>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.UInt128 value)
        {
            Span<byte> data = stackalloc byte[Int128Bytes];
            BinaryPrimitives.WriteUInt128LittleEndian(data, value);
            writer.WriteBinary(data);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.UInt128 value)
        {
            bool read = TryRead16Bytes(ref reader, out ReadOnlySpan<byte> data);
            value = read ? BinaryPrimitives.ReadUInt128LittleEndian(data) : default;
            return read;
        }
    }

    /// <summary>Formats <see cref="global::System.Numerics.BigInteger"/> as binary data: its two's complement, little-endian.</summary>
    public readonly struct BigInteger : INetFormatter<System.Numerics.BigInteger>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.BigInteger value)
        {
            int bytes = value.GetByteCount();
            Span<byte> data = bytes <= MaxStackBigIntegerBytes ? stackalloc byte[MaxStackBigIntegerBytes] : new byte[bytes];
            value.TryWriteBytes(data, out int written);
            writer.WriteBinary(data[..written]);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.BigInteger value)
        {
            bool read = reader.TryReadBinary(out ReadOnlySpan<byte> data)
                && (data.Length <= sizeof(int) || reader.TryChargeArray<byte>(data.Length));
            value = read ? new(data) : default;
            return read;
        }
    }

    private static bool TryRead16Bytes(ref NetReader reader, out ReadOnlySpan<byte> data) =>
        reader.TryReadBinary(out data) && (data.Length == Int128Bytes || reader.Fail(DecodeStatus.OutOfRange));
}
