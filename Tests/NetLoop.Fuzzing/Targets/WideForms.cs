using NetLoop.Fuzzing.Mutation;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Writes values again in wider forms than necessary: an integer of one byte in eight, a short array with a count of 32 bits.</summary>
/// <remarks>Generated code has a separate path for the usual forms; wider forms go through the general one.</remarks>
internal sealed class WideForms
{
    // One byte becomes at most nine.
    private readonly byte[] _bytes = new byte[InputBuffer.MaxBytes * 9];
    private readonly FuzzRandom _random = new(0);
    private int _length;

    /// <summary>Writes the same values.</summary>
    /// <param name="values">Whole, well-formed values.</param>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Write(ReadOnlySpan<byte> values)
    {
        _random.Reseed(InputHash.Of(values) + 1);
        _length = 0;
        for (int at = 0; at < values.Length;)
        {
            at += WriteOne(values[at..]);
        }

        return _bytes.AsSpan(0, _length);
    }

    // Number of bytes read: a header, with the contents of values that hold no other values.
    private int WriteOne(ReadOnlySpan<byte> value)
    {
        byte code = value[0];
        switch (code)
        {
            case <= 0x7F:
                WritePositive(code);
                return 1;
            case >= 0xE0:
                WriteNegative((sbyte)code);
                return 1;
            case >= 0xCC and <= 0xCF:
                WritePositive(Number(value, 1 << (code - 0xCC)));
                return 1 + (1 << (code - 0xCC));
            case >= 0xD0 and <= 0xD3:
                int width = 1 << (code - 0xD0);
                long number = (long)(Number(value, width) << (64 - (8 * width))) >> (64 - (8 * width));
                if (number < 0)
                {
                    WriteNegative(number);
                }
                else
                {
                    WritePositive((ulong)number);
                }

                return 1 + width;
            case >= 0x80 and <= 0x8F:
                WriteLength(0xDE, 2, (ulong)(code & 0xF));
                return 1;
            case >= 0x90 and <= 0x9F:
                WriteLength(0xDC, 2, (ulong)(code & 0xF));
                return 1;
            case 0xDC or 0xDE:
                WriteLength(code, 2, Number(value, 2));
                return 3;
            case 0xDD or 0xDF:
                WriteLength((byte)(code - 1), 4, Number(value, 4));
                return 5;
            case >= 0xA0 and <= 0xBF:
                return WriteBlock(0xD9, 1, (ulong)(code & 0x1F), value[1..]) + 1;
            case >= 0xD9 and <= 0xDB:
                return WriteBlock(0xD9, 1 << (code - 0xD9), Number(value, 1 << (code - 0xD9)), value[(1 + (1 << (code - 0xD9)))..]) + 1 + (1 << (code - 0xD9));
            case >= 0xC4 and <= 0xC6:
                return WriteBlock(0xC4, 1 << (code - 0xC4), Number(value, 1 << (code - 0xC4)), value[(1 + (1 << (code - 0xC4)))..]) + 1 + (1 << (code - 0xC4));
            default:
                int bytes = code switch
                {
                    0xCA => 5,
                    0xCB => 9,
                    >= 0xD4 and <= 0xD8 => 2 + (1 << (code - 0xD4)),
                    >= 0xC7 and <= 0xC9 => 2 + (1 << (code - 0xC7)) + (int)Number(value, 1 << (code - 0xC7)),
                    _ => 1,
                };
                Add(value[..bytes]);
                return bytes;
        }
    }

    private void WritePositive(ulong number)
    {
        int power = AnyPower(number <= byte.MaxValue ? 0 : number <= ushort.MaxValue ? 1 : number <= uint.MaxValue ? 2 : 3);
        bool fitsSigned = number >> ((8 << power) - 1) == 0;
        AddNumber((byte)((fitsSigned && _random.OneIn(2) ? 0xD0 : 0xCC) + power), number, 1 << power);
    }

    private void WriteNegative(long number)
    {
        int power = AnyPower(number >= sbyte.MinValue ? 0 : number >= short.MinValue ? 1 : number >= int.MinValue ? 2 : 3);
        AddNumber((byte)(0xD0 + power), (ulong)number, 1 << power);
    }

    // As wide as before, or wider: strings and binary have 1, 2 or 4 bytes for their length, containers 2 or 4.
    private void WriteLength(byte codeOfFirst, int width, ulong length)
    {
        bool isContainer = codeOfFirst >= 0xDC;
        int least = width == 1 ? 0 : width == 2 ? 1 : 2;
        int power = least + _random.Below(3 - least);
        AddNumber((byte)(codeOfFirst + power - (isContainer ? 1 : 0)), length, 1 << power);
    }

    private int WriteBlock(byte codeOfFirst, int width, ulong length, ReadOnlySpan<byte> content)
    {
        WriteLength(codeOfFirst, width, length);
        Add(content[..(int)length]);
        return (int)length;
    }

    private int AnyPower(int least) => least + _random.Below(4 - least);

    private void AddNumber(byte code, ulong number, int width)
    {
        _bytes[_length++] = code;
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
        {
            _bytes[_length++] = (byte)(number >> shift);
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private static ulong Number(ReadOnlySpan<byte> value, int width)
    {
        ulong number = 0;
        foreach (byte part in value.Slice(1, width))
        {
            number = (number << 8) | part;
        }

        return number;
    }
}
