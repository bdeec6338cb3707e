using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

public ref partial struct NetReader
{
    // A text never has more characters than bytes.
    private const int MaxStackChars = 256;

    // The object header, the length, the terminating character, and the alignment minus one.
    private const int StringBytes = 29;

    /// <summary>Reads a string. Nil is of the wrong type; see <see cref="TryReadNil"/>.</summary>
    public bool TryRead([NotNullWhen(true)] out string? value)
    {
        value = null;
        int start = _position;
        if (!TryReadUtf8(out ReadOnlySpan<byte> utf8))
        {
            return false;
        }
        // ASCII text only needs widening; counting its characters first, as for UTF-8, would be an additional pass.
        if (!utf8.IsEmpty && !TryCharge((StringBytes + (sizeof(char) * (long)utf8.Length)) & -sizeof(long)))
        {
            return false;
        }

        value = Ascii.IsValid(utf8) ? Encoding.Latin1.GetString(utf8) : Decode(utf8);
        return value is not null || FailAt(start, DecodeStatus.InvalidUtf8);
    }

    /// <summary>Reads a string as the bytes that were sent, without checking that they are UTF-8. Nothing is copied.</summary>
    /// <param name="utf8">A part of the source.</param>
    public bool TryReadUtf8(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        if (code is >= MessagePackCode.FixString and <= MessagePackCode.MaxFixString)
        {
            return TryTakeBlock(1, (uint)(code & MessagePackCode.MaxFixStringBytes), _limits.MaxStringBytes, out utf8);
        }

        int width = code switch
        {
            MessagePackCode.String8 => 1,
            MessagePackCode.String16 => 2,
            MessagePackCode.String32 => 4,
            _ => 0,
        };
        if (width == 0)
        {
            return FailType(code);
        }

        return TryPeekLength(width, out uint length) && TryTakeBlock(1 + width, length, _limits.MaxStringBytes, out utf8);
    }

    /// <summary>Reads binary data as a new array. Nil is of the wrong type; see <see cref="TryReadNil"/>.</summary>
    public bool TryReadBinary([NotNullWhen(true)] out byte[]? value)
    {
        bool read = TryReadBinary(out ReadOnlySpan<byte> data) && TryChargeArray<byte>(data.Length);
        value = read ? data.ToArray() : null;
        return read;
    }

    /// <summary>Reads binary data: borrowed from the received bytes if the handler allows it, otherwise as a copy.</summary>
    public bool TryReadBinary(out BorrowedBytes value)
    {
        bool read = TryReadBinary(out ReadOnlySpan<byte> data);
        if (Lender is { } lender && lender.TryLend(data, out ReadOnlyMemory<byte> lent))
        {
            value = new BorrowedBytes(lent, lender);
            return read;
        }

        read = read && TryChargeArray<byte>(data.Length);
        value = read ? data.ToArray() : default;
        return read;
    }

    /// <summary>Reads binary data. Nothing is copied.</summary>
    /// <param name="data">A part of the source.</param>
    public bool TryReadBinary(out ReadOnlySpan<byte> data)
    {
        data = default;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        int width = code switch
        {
            MessagePackCode.Binary8 => 1,
            MessagePackCode.Binary16 => 2,
            MessagePackCode.Binary32 => 4,
            _ => 0,
        };
        if (width == 0)
        {
            return FailType(code);
        }

        return TryPeekLength(width, out uint length) && TryTakeBlock(1 + width, length, _limits.MaxBinaryBytes, out data);
    }

    // Null: not UTF-8. Short text is converted and checked in one pass on the stack, and then copied. This is faster than counting first, because the length
    // is known only at the end.
    [SkipLocalsInit]
    private static string? Decode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= MaxStackChars)
        {
            Span<char> text = stackalloc char[MaxStackChars];
            OperationStatus status = Utf8.ToUtf16(utf8, text, out _, out int length, replaceInvalidSequences: false);
            return status == OperationStatus.Done ? new(text[..length]) : null;
        }

        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : null;
    }

    // The last byte of the header is the type. The header is known to be complete, the content is not.
    private bool TryPeekExtension(out int headerBytes, out uint length)
    {
        headerBytes = 0;
        length = 0;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        int width = code switch
        {
            >= MessagePackCode.FixExtension1 and <= MessagePackCode.FixExtension16 => 0,
            MessagePackCode.Extension8 => 1,
            MessagePackCode.Extension16 => 2,
            MessagePackCode.Extension32 => 4,
            _ => -1,
        };
        if (width < 0)
        {
            return FailType(code);
        }

        if (!TryPeek(width + 1, out _))
        {
            return false;
        }

        if (width == 0)
        {
            length = 1u << (code - MessagePackCode.FixExtension1);
        }
        else
        {
            TryPeekLength(width, out length);
        }

        headerBytes = 2 + width;
        return true;
    }
}
