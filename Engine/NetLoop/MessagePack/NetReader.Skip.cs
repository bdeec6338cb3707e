using System.Runtime.CompilerServices;
using NetLoop.MessagePack;

namespace NetLoop;

public ref partial struct NetReader
{
    /// <summary>Skips one value, with everything inside it.</summary>
    /// <remarks>Takes time proportional to the bytes skipped and no memory. Depth is limited as in reading; sizes are not, for nothing is kept.</remarks>
    public bool TrySkip()
    {
        int start = _position;
        if (!TrySkipHeader(out uint values))
        {
            return false;
        }
        return values == 0 || TrySkipNested(start, values);
    }

    // No recursion: the values still to come at each open level are kept in an array as long as the largest depth limit there can be.
    // A count fits into 32 bits because it was checked against the bytes left. The array is not cleared, for each level is written
    // before it is read.
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

    // Skips a value that holds no others, or the header of one that does.
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
                return TrySkipBytes(1, 0);
            case <= MessagePackCode.MaxFixMap:
                return TrySkipCount(1, (uint)(code & MessagePackCode.MaxFixCount), 2, out values);
            case <= MessagePackCode.MaxFixArray:
                return TrySkipCount(1, (uint)(code & MessagePackCode.MaxFixCount), 1, out values);
            case <= MessagePackCode.MaxFixString:
                return TrySkipBytes(1, (uint)(code & MessagePackCode.MaxFixStringBytes));
            case MessagePackCode.UInt8 or MessagePackCode.Int8:
                return TrySkipBytes(2, 0);
            case MessagePackCode.UInt16 or MessagePackCode.Int16:
                return TrySkipBytes(3, 0);
            case MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32:
                return TrySkipBytes(5, 0);
            case MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64:
                return TrySkipBytes(9, 0);
            case MessagePackCode.String8 or MessagePackCode.Binary8:
                return TryPeekLength(1, out uint length8) && TrySkipBytes(2, length8);
            case MessagePackCode.String16 or MessagePackCode.Binary16:
                return TryPeekLength(2, out uint length16) && TrySkipBytes(3, length16);
            case MessagePackCode.String32 or MessagePackCode.Binary32:
                return TryPeekLength(4, out uint length32) && TrySkipBytes(5, length32);
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

    private bool TrySkipBytes(int headerBytes, uint length) => TryTakeBlock(headerBytes, length, int.MaxValue, out _);

    private bool TrySkipCount(int headerBytes, uint count, int valuesPerItem, out uint values)
    {
        values = 0;
        if ((long)count * valuesPerItem > Remaining - headerBytes)
        {
            return Fail(DecodeStatus.EndOfData);
        }
        values = count * (uint)valuesPerItem;
        _position += headerBytes;
        return true;
    }
}
