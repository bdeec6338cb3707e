using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NetLoop.CompilerServices;

// For values without a form in MessagePack, the form of MessagePack-CSharp.
public static partial class NetFormatters
{
    private const int GuidChars = 36;
    private const int GuidDigits = 32;
    private const int MaxDecimalChars = 31;

    /// <summary>Formats an enum as its underlying integer. Values without a name are read too, because a newer version may have more values.</summary>
    public readonly struct Enum<TEnum, TUnderlying, TFormatter> : INetFormatter<TEnum>
        where TEnum : unmanaged, System.Enum
        where TUnderlying : unmanaged
        where TFormatter : INetFormatter<TUnderlying>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in TEnum value) =>
            TFormatter.Write(ref writer, Unsafe.BitCast<TEnum, TUnderlying>(value));

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out TEnum value)
        {
            bool read = TFormatter.TryRead(ref reader, out TUnderlying bits);
            value = Unsafe.BitCast<TUnderlying, TEnum>(bits);
            return read;
        }
    }

    /// <summary>Formats <see cref="global::System.TimeSpan"/> as a 64-bit integer of ticks (100 ns).</summary>
    public readonly struct TimeSpan : INetFormatter<System.TimeSpan>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.TimeSpan value) => writer.Write(value.Ticks);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.TimeSpan value)
        {
            bool read = reader.TryRead(out long ticks);
            value = new System.TimeSpan(ticks);
            return read;
        }
    }

    /// <summary>Formats <see cref="global::System.Guid"/> as a string of 36 characters; the form of 32 characters without hyphens is read too.</summary>
    public readonly struct Guid : INetFormatter<System.Guid>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Guid value)
        {
            Span<byte> text = stackalloc byte[GuidChars];
            Utf8Formatter.TryFormat(value, text, out int written);
            writer.WriteUtf8(text[..written]);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Guid value)
        {
            value = default;
            if (!reader.TryReadUtf8(out ReadOnlySpan<byte> text))
            {
                return false;
            }

            char form = text.Length == GuidDigits ? 'N' : 'D';
            return (Utf8Parser.TryParse(text, out value, out int used, form) && used == text.Length) || reader.Fail(DecodeStatus.OutOfRange);
        }
    }

    /// <summary>Formats <see cref="decimal"/> as a string of its digits.</summary>
    public readonly struct Decimal : INetFormatter<decimal>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in decimal value)
        {
            Span<byte> text = stackalloc byte[MaxDecimalChars];
            Utf8Formatter.TryFormat(value, text, out int written);
            writer.WriteUtf8(text[..written]);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out decimal value)
        {
            value = 0;
            if (!reader.TryReadUtf8(out ReadOnlySpan<byte> text))
            {
                return false;
            }

            return (Utf8Parser.TryParse(text, out value, out int used) && used == text.Length) || reader.Fail(DecodeStatus.OutOfRange);
        }
    }

    /// <summary>Formats an array of bytes as binary data.</summary>
    public readonly struct Binary : INetFormatter<byte[]>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in byte[] value)
        {
            if (value is null)
            {
                ThrowNull<byte[]>();
            }

            writer.WriteBinary(value.AsSpan());
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out byte[] value) =>
            reader.TryReadBinary(out value);
    }

    /// <summary>Formats <see cref="Memory{T}"/> of bytes as binary data.</summary>
    public readonly struct Memory : INetFormatter<Memory<byte>>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in Memory<byte> value) => writer.WriteBinary(value.Span);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out Memory<byte> value)
        {
            bool read = reader.TryReadBinary(out byte[]? data);
            value = data;
            return read;
        }
    }

    /// <summary>Formats <see cref="ReadOnlyMemory{T}"/> of bytes as binary data.</summary>
    public readonly struct ReadOnlyMemory : INetFormatter<ReadOnlyMemory<byte>>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in ReadOnlyMemory<byte> value) => writer.WriteBinary(value.Span);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out ReadOnlyMemory<byte> value)
        {
            bool read = reader.TryReadBinary(out byte[]? data);
            value = data;
            return read;
        }
    }

    /// <summary>Formats <see cref="NetLoop.BorrowedBytes"/> as binary data.</summary>
    public readonly struct BorrowedBytes : INetFormatter<NetLoop.BorrowedBytes>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in NetLoop.BorrowedBytes value) => writer.WriteBinary(value.Span);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out NetLoop.BorrowedBytes value) => reader.TryReadBinary(out value);
    }

    /// <summary>Formats <see cref="ArraySegment{T}"/> of bytes as binary data; a default segment as nil, which is read as empty.</summary>
    public readonly struct ArraySegment : INetFormatter<ArraySegment<byte>>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in ArraySegment<byte> value)
        {
            if (value.Array is null)
            {
                writer.WriteNil();
            }
            else
            {
                writer.WriteBinary(value.AsSpan());
            }
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out ArraySegment<byte> value)
        {
            value = ArraySegment<byte>.Empty;
            if (reader.TryReadNil())
            {
                return true;
            }

            bool read = reader.TryReadBinary(out byte[]? data);
            value = read ? data! : ArraySegment<byte>.Empty;
            return read;
        }
    }
}
