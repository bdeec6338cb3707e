using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NetLoop.Fuzzing.Mutation;

/// <summary>A second implementation of the specification: finds where values begin, how many there are, and where the first one ends.</summary>
/// <remarks>The engine's reader is compared with it, so they share no code.</remarks>
internal sealed class MessagePackScan
{
    private const int MaxValues = InputBuffer.MaxBytes + 1;

    private readonly int[] _starts = new int[MaxValues];
    private readonly long[] _left = new long[MaxValues];

    /// <summary>Number of headers found, of the first value and all values inside it, up to the first error.</summary>
    public int Values { get; private set; }

    /// <summary>Ok, EndOfData, Malformed, InvalidUtf8 or TooDeep.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>The index after the first value, if the status is Ok.</summary>
    public int End { get; private set; }

    /// <summary>The index of the first byte of each value found.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Values);

    /// <summary>Walks through one value.</summary>
    /// <param name="input">Any bytes.</param>
    /// <param name="maxDepth">Maximum number of nested containers; empty ones do not count.</param>
    public void Walk(ReadOnlySpan<byte> input, int maxDepth)
    {
        Values = 0;
        End = 0;
        Status = DecodeStatus.EndOfData;
        int depth = 0;
        int position = 0;
        do
        {
            if (position >= input.Length)
            {
                return;
            }

            _starts[Values++] = position;
            if (!TryReadHeader(input[position..], out long bytes, out long children))
            {
                return;
            }

            if (bytes + children > input.Length - position)
            {
                return;
            }

            if (IsString(input[position]) && !IsUtf8(input.Slice(position, (int)bytes)))
            {
                Status = DecodeStatus.InvalidUtf8;
                return;
            }

            position += (int)bytes;
            if (children > 0)
            {
                if (depth == maxDepth)
                {
                    Status = DecodeStatus.TooDeep;
                    return;
                }

                _left[depth++] = children;
            }

            while (depth > 0 && _left[depth - 1] == 0)
            {
                depth--;
            }

            if (depth > 0)
            {
                _left[depth - 1]--;
            }
            else
            {
                End = position;
                Status = DecodeStatus.Ok;
            }
        }
        while (Status != DecodeStatus.Ok);
    }

    private static bool IsString(byte code) => code is >= 0xA0 and <= 0xBF or >= 0xD9 and <= 0xDB;

    private static bool IsUtf8(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> text = value[(value[0] < 0xC0 ? 1 : 1 + (1 << (value[0] - 0xD9)))..];
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out _, out int used) != OperationStatus.Done)
            {
                return false;
            }

            text = text[used..];
        }

        return true;
    }

    // Number of bytes, with the contents of values that hold no other values; number of children for containers.
    private bool TryReadHeader(ReadOnlySpan<byte> input, out long bytes, out long children)
    {
        byte code = input[0];
        children = 0;
        bytes = code switch
        {
            >= 0x80 and <= 0x9F => 1,
            >= 0xA0 and <= 0xBF => 1 + (code & 0x1F),
            0xCC or 0xD0 => 2,
            0xCD or 0xD1 => 3,
            0xCE or 0xD2 or 0xCA => 5,
            0xCF or 0xD3 or 0xCB => 9,
            >= 0xD4 and <= 0xD8 => 2 + (1 << (code - 0xD4)),
            _ => 1,
        };
        switch (code)
        {
            case 0xC1:
                Status = DecodeStatus.Malformed;
                return false;
            case >= 0x80 and <= 0x8F:
                children = (code & 0x0F) * 2;
                return true;
            case >= 0x90 and <= 0x9F:
                children = code & 0x0F;
                return true;
            case 0xC4 or 0xC5 or 0xC6:
                return TryReadLength(input, 1 << (code - 0xC4), 1, out bytes, out _);
            case 0xC7 or 0xC8 or 0xC9:
                return TryReadLength(input, 1 << (code - 0xC7), 2, out bytes, out _);
            case 0xD9 or 0xDA or 0xDB:
                return TryReadLength(input, 1 << (code - 0xD9), 1, out bytes, out _);
            case 0xDC or 0xDD:
                if (!TryReadLength(input, code == 0xDC ? 2 : 4, 1, out _, out children))
                {
                    return false;
                }

                bytes = code == 0xDC ? 3 : 5;
                return true;
            case 0xDE or 0xDF:
                if (!TryReadLength(input, code == 0xDE ? 2 : 4, 1, out _, out long pairs))
                {
                    return false;
                }

                bytes = code == 0xDE ? 3 : 5;
                children = pairs * 2;
                return true;
            default:
                return true;
        }
    }

    private static bool TryReadLength(ReadOnlySpan<byte> input, int width, int otherHeaderBytes, out long bytes, out long length)
    {
        bytes = 0;
        length = 0;
        if (input.Length < width + otherHeaderBytes)
        {
            return false;
        }

        length = width switch
        {
            1 => input[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(input[1..]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(input[1..]),
        };
        bytes = width + otherHeaderBytes + length;
        return true;
    }
}
