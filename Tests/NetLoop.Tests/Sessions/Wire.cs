using System.Buffers.Binary;
using System.Text;

namespace NetLoop.Tests.Sessions;

/// <summary>
/// A second implementation of Engine/PROTOCOL.md, written from its text alone: bodies as nested object arrays, so that no codec checks itself.
/// </summary>
internal static class Wire
{
    public const int Request = 0;
    public const int Response = 1;
    public const int Message = 2;
    public const int Hello = 1;
    public const int Ping = 2;
    public const int Goodbye = 3;

    /// <summary>A Hello of this version without a token, with which every test begins.</summary>
    public static byte[] HelloFrame(byte[]? token = null, ulong fingerprint = 0, int version = 1) =>
        Frame(Request, 0, Hello, Array(version, fingerprint, token, null));

    public static object?[] Array(params object?[] items) => items;

    /// <summary>One body: a MessagePack array of nil, booleans, integers, strings, byte arrays (binary) and arrays.</summary>
    public static byte[] Body(params object?[] items)
    {
        List<byte> bytes = [];
        Write(bytes, items);
        return [.. bytes];
    }

    public static byte[] Frame(params object?[] items) => Framed(Body(items));

    public static byte[] Framed(params byte[] body)
    {
        byte[] frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    /// <summary>Reads one body; integers come back as <see cref="long"/>.</summary>
    public static object?[] Read(byte[] body)
    {
        int position = 0;
        var items = (object?[])ReadValue(body, ref position)!;
        return position == body.Length ? items : throw new InvalidDataException("bytes behind the array");
    }

    private static void Write(List<byte> bytes, object? value)
    {
        switch (value)
        {
            case null:
                bytes.Add(0xC0);
                break;

            case bool flag:
                bytes.Add(flag ? (byte)0xC3 : (byte)0xC2);
                break;

            case double number:
                bytes.Add(0xCB);
                WriteBigEndian(bytes, (ulong)BitConverter.DoubleToInt64Bits(number), 8);
                break;

            case string text:
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                bytes.Add(0xDA);
                WriteBigEndian(bytes, (ulong)utf8.Length, 2);
                bytes.AddRange(utf8);
                break;

            case byte[] binary:
                bytes.Add(0xC6);
                WriteBigEndian(bytes, (ulong)binary.Length, 4);
                bytes.AddRange(binary);
                break;

            case object?[] items:
                bytes.Add((byte)(0x90 | items.Length));
                foreach (object? item in items)
                {
                    Write(bytes, item);
                }

                break;

            case ulong or uint or int or long:
                ulong integer = value is ulong unsigned ? unsigned : unchecked((ulong)Convert.ToInt64(value, null));
                if (integer < 128)
                {
                    bytes.Add((byte)integer);
                }
                else
                {
                    bytes.Add(value is ulong or uint ? (byte)0xCF : (byte)0xD3);
                    WriteBigEndian(bytes, integer, 8);
                }

                break;

            default:
                throw new ArgumentException(value.GetType().Name);
        }
    }

    private static void WriteBigEndian(List<byte> bytes, ulong value, int width)
    {
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
        {
            bytes.Add((byte)(value >> shift));
        }
    }

    private static object? ReadValue(byte[] bytes, ref int position)
    {
        byte code = bytes[position++];
        switch (code)
        {
            case <= 0x7F:
                return (long)code;
            case >= 0xE0:
                return (long)(sbyte)code;
            case >= 0xA0 and <= 0xBF:
                return Encoding.UTF8.GetString(Take(bytes, ref position, code & 0x1F));
            case (>= 0x90 and <= 0x9F) or 0xDC:
                object?[] items = new object?[code == 0xDC ? ReadInteger(bytes, ref position, 2) : code & 0xF];
                for (int i = 0; i < items.Length; i++)
                {
                    items[i] = ReadValue(bytes, ref position);
                }

                return items;
            case 0xC0:
                return null;
            case 0xC4 or 0xC5 or 0xC6:
                return Take(bytes, ref position, (int)ReadInteger(bytes, ref position, 1 << (code - 0xC4)));
            case 0xD9 or 0xDA or 0xDB:
                return Encoding.UTF8.GetString(Take(bytes, ref position, (int)ReadInteger(bytes, ref position, 1 << (code - 0xD9))));
            case 0xCB:
                return BitConverter.Int64BitsToDouble(ReadInteger(bytes, ref position, 8));
            case 0xCA:
                return (double)BitConverter.Int32BitsToSingle((int)ReadInteger(bytes, ref position, 4));
            case >= 0xCC and <= 0xCF:
                return ReadInteger(bytes, ref position, 1 << (code - 0xCC));
            case >= 0xD0 and <= 0xD3:
                int width = 1 << (code - 0xD0);
                return ReadInteger(bytes, ref position, width) << (64 - (8 * width)) >> (64 - (8 * width));
            default:
                throw new InvalidDataException($"code 0x{code:X2}");
        }
    }

    private static byte[] Take(byte[] bytes, ref int position, int count)
    {
        position += count;
        return bytes[(position - count)..position];
    }

    private static long ReadInteger(byte[] bytes, ref int position, int width)
    {
        long value = 0;
        foreach (byte part in Take(bytes, ref position, width))
        {
            value = (value << 8) | part;
        }

        return value;
    }
}
