using System.Runtime.CompilerServices;
using System.Text.Unicode;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

public ref partial struct NetReader
{
    /// <summary>Skips one value, with everything inside it.</summary>
    /// <remarks>Takes time proportional to the bytes skipped and no memory. The limits apply as in reading, and strings must be UTF-8.</remarks>
    public bool TrySkip()
    {
        int start = _position;
        if (!TrySkipHeader(out uint values))
        {
            return false;
        }

        return values == 0 || TrySkipNested(start, values);
    }

    /// <summary>
    /// Reads one value, with everything inside it, as the bytes that were sent: for other codecs. The value is well-formed and within the
    /// limits.
    /// </summary>
    /// <param name="encoded">A part of the source. Nothing is copied, and nothing is charged to the budget; see <see cref="TryCharge"/>.</param>
    public bool TryReadRaw(out ReadOnlySpan<byte> encoded)
    {
        int start = _position;
        bool skipped = TrySkip();
        encoded = skipped ? _source[start.._position] : default;
        return skipped;
    }

    // No recursion: the number of values that remain at each open level is kept in an array with room for the largest depth limit. A count fits into 32 bits
    // because it was checked against the remaining bytes. The array is not cleared, because each level is written before it is read.
    [SkipLocalsInit]
    private bool TrySkipNested(int start, uint values)
    {
        Span<uint> left = stackalloc uint[DecodeLimits.MaxDepthCeiling];
        int levels = _limits.MaxDepth - _depth;
        int level = -1;
        while (true)
        {
            if (values > 0)
            {
                if (++level >= levels)
                {
                    return FailAt(start, DecodeStatus.TooDeep);
                }

                left[level] = values;
            }

            while (left[level] == 0)
            {
                if (--level < 0)
                {
                    return true;
                }
            }

            left[level]--;
            if (!TrySkipHeader(out values))
            {
                return false;
            }
        }
    }

    // Skips a value without nested values, or the header of a value with nested ones.
    private bool TrySkipHeader(out uint values)
    {
        values = 0;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        switch (code)
        {
            case <= MessagePackCode.MaxFixPositive or >= MessagePackCode.MinFixNegative:
            case MessagePackCode.Nil or MessagePackCode.False or MessagePackCode.True:
                return TrySkipNumber(1);
            case <= MessagePackCode.MaxFixMap:
                return TrySkipCount(1, (uint)(code & MessagePackCode.MaxFixCount), 2, out values);
            case <= MessagePackCode.MaxFixArray:
                return TrySkipCount(1, (uint)(code & MessagePackCode.MaxFixCount), 1, out values);
            case <= MessagePackCode.MaxFixString:
                return TrySkipString(1, (uint)(code & MessagePackCode.MaxFixStringBytes));
            case MessagePackCode.UInt8 or MessagePackCode.Int8:
                return TrySkipNumber(2);
            case MessagePackCode.UInt16 or MessagePackCode.Int16:
                return TrySkipNumber(3);
            case MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32:
                return TrySkipNumber(5);
            case MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64:
                return TrySkipNumber(9);
            case MessagePackCode.String8:
                return TryPeekLength(1, out uint string8) && TrySkipString(2, string8);
            case MessagePackCode.Binary8:
                return TryPeekLength(1, out uint binary8) && TrySkipBytes(2, binary8);
            case MessagePackCode.String16:
                return TryPeekLength(2, out uint string16) && TrySkipString(3, string16);
            case MessagePackCode.Binary16:
                return TryPeekLength(2, out uint binary16) && TrySkipBytes(3, binary16);
            case MessagePackCode.String32:
                return TryPeekLength(4, out uint string32) && TrySkipString(5, string32);
            case MessagePackCode.Binary32:
                return TryPeekLength(4, out uint binary32) && TrySkipBytes(5, binary32);
            case MessagePackCode.Array16:
                return TryPeekLength(2, out uint array16) && TrySkipCount(3, array16, 1, out values);
            case MessagePackCode.Array32:
                return TryPeekLength(4, out uint array32) && TrySkipCount(5, array32, 1, out values);
            case MessagePackCode.Map16:
                return TryPeekLength(2, out uint map16) && TrySkipCount(3, map16, 2, out values);
            case MessagePackCode.Map32:
                return TryPeekLength(4, out uint map32) && TrySkipCount(5, map32, 2, out values);
            case MessagePackCode.NeverUsed:
                return Fail(DecodeStatus.Malformed);
            default:
                return TryPeekExtension(out int headerBytes, out uint content) && TrySkipBytes(headerBytes, content);
        }
    }

    private bool TrySkipNumber(int bytes) => TryTakeBlock(bytes, 0, int.MaxValue, out _);

    private bool TrySkipBytes(int headerBytes, uint length) => TryTakeBlock(headerBytes, length, _limits.MaxBinaryBytes, out _);

    private bool TrySkipString(int headerBytes, uint length)
    {
        int start = _position;
        return TryTakeBlock(headerBytes, length, _limits.MaxStringBytes, out ReadOnlySpan<byte> utf8)
            && (Utf8.IsValid(utf8) || FailAt(start, DecodeStatus.InvalidUtf8));
    }

    private bool TrySkipCount(int headerBytes, uint count, int valuesPerItem, out uint values)
    {
        values = 0;
        if ((long)count * valuesPerItem > Remaining - headerBytes)
        {
            return Fail(DecodeStatus.EndOfData);
        }

        if (count > (uint)_limits.MaxItems)
        {
            return Fail(DecodeStatus.TooLong);
        }

        values = count * (uint)valuesPerItem;
        _position += headerBytes;
        return true;
    }
}
