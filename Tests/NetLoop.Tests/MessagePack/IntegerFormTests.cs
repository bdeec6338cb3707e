using System.Buffers.Binary;
using NetLoop.CompilerServices;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>All forms of an integer, also wider ones than necessary, read as every type.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class IntegerFormTests
{
    private delegate bool Reading(ref NetReader reader, out Int128 value);

    private delegate bool FastReading(ref FixedLayoutReader reader, out Int128 value);

    private static readonly (string Name, Int128 Min, Int128 Max, Reading Read, FastReading ReadFast)[] Types =
    [
        (
            "byte",
            byte.MinValue,
            byte.MaxValue,
            (ref r, out v) => Give(r.TryRead(out byte n), n, out v),
            (ref r, out v) => Give(r.TryRead(out byte n), n, out v)),
        (
            "sbyte",
            sbyte.MinValue,
            sbyte.MaxValue,
            (ref r, out v) => Give(r.TryRead(out sbyte n), n, out v),
            (ref r, out v) => Give(r.TryRead(out sbyte n), n, out v)),
        (
            "ushort",
            ushort.MinValue,
            ushort.MaxValue,
            (ref r, out v) => Give(r.TryRead(out ushort n), n, out v),
            (ref r, out v) => Give(r.TryRead(out ushort n), n, out v)),
        (
            "char",
            char.MinValue,
            char.MaxValue,
            (ref r, out v) => Give(r.TryRead(out char n), n, out v),
            (ref r, out v) => Give(r.TryRead(out char n), n, out v)),
        (
            "short",
            short.MinValue,
            short.MaxValue,
            (ref r, out v) => Give(r.TryRead(out short n), n, out v),
            (ref r, out v) => Give(r.TryRead(out short n), n, out v)),
        (
            "uint",
            uint.MinValue,
            uint.MaxValue,
            (ref r, out v) => Give(r.TryRead(out uint n), n, out v),
            (ref r, out v) => Give(r.TryRead(out uint n), n, out v)),
        ("int", int.MinValue, int.MaxValue, (ref r, out v) => Give(r.TryRead(out int n), n, out v), (ref r, out v) => Give(r.TryRead(out int n), n, out v)),
        (
            "ulong",
            ulong.MinValue,
            ulong.MaxValue,
            (ref r, out v) => Give(r.TryRead(out ulong n), n, out v),
            (ref r, out v) => Give(r.TryRead(out ulong n), n, out v)),
        (
            "long",
            long.MinValue,
            long.MaxValue,
            (ref r, out v) => Give(r.TryRead(out long n), n, out v),
            (ref r, out v) => Give(r.TryRead(out long n), n, out v)),
    ];

    private static IEnumerable<string> Names => Types.Select(type => type.Name);

    [TestCaseSource(nameof(Names))]
    public void TryRead_AnyForm_IsTheValueOrOutOfRange(string name)
    {
        (string _, Int128 min, Int128 max, Reading read, FastReading readFast) = Types.Single(type => type.Name == name);
        foreach (Int128 value in Values())
        {
            foreach (byte[] form in FormsOf(value))
            {
                string what = $"{value} as {Convert.ToHexString(form)}";
                byte[] source = [.. form, 0xC0];
                var reader = new NetReader(source);
                bool isRead = read(ref reader, out Int128 got);
                Assert.That(isRead, Is.EqualTo(value >= min && value <= max), what);
                Assert.That(reader.Status, Is.EqualTo(isRead ? DecodeStatus.Ok : DecodeStatus.OutOfRange), what);
                Assert.That(reader.Position, Is.EqualTo(isRead ? form.Length : 0), what);
                Assert.That(!isRead || got == value, what);
                AssertCuts(form, read, what);

                var general = new NetReader(source);
                FixedLayoutReader fast = general.BeginFixedLayout();
                if (readFast(ref fast, out Int128 gotFast))
                {
                    Assert.That(isRead && gotFast == value, $"{what}, by the fast reader");
                    general.EndFixedLayout(fast);
                    Assert.That(general.Position, Is.EqualTo(form.Length), $"{what}, by the fast reader");
                }
                else
                {
                    Assert.That(!isRead || !form.SequenceEqual(FormsOf(value)[0]), $"{what} is what writers write, and the fast reader leaves it");
                }
            }
        }
    }

    // The shortest one first, floats last.
    private static byte[][] FormsOf(Int128 value)
    {
        List<byte[]> forms = [];
        if (value >= -32 && value <= 127)
        {
            forms.Add([(byte)(sbyte)value]);
        }

        for (int power = 0; power < 4; power++)
        {
            int bits = 8 << power;
            if (value >= 0 && value < (Int128)1 << bits)
            {
                forms.Add(Form((byte)(0xCC + power), (ulong)value, 1 << power));
            }
        }

        for (int power = 0; power < 4; power++)
        {
            Int128 beyond = (Int128)1 << ((8 << power) - 1);
            if (value >= -beyond && value < beyond)
            {
                forms.Add(Form((byte)(0xD0 + power), (ulong)(long)value, 1 << power));
            }
        }

        if ((Int128)(float)value == value && value < (Int128)1 << 64)
        {
            forms.Add(Form(0xCA, BitConverter.SingleToUInt32Bits((float)value), 4));
        }

        if ((Int128)(double)value == value && value < (Int128)1 << 64)
        {
            forms.Add(Form(0xCB, BitConverter.DoubleToUInt64Bits((double)value), 8));
        }

        return [.. forms];
    }

    private static byte[] Form(byte code, ulong number, int width)
    {
        byte[] bytes = new byte[9];
        bytes[0] = code;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), number << (64 - (8 * width)));
        return bytes[..(1 + width)];
    }

    private static IEnumerable<Int128> Values()
    {
        yield return 0;
        for (int bits = 0; bits <= 64; bits++)
        {
            Int128 power = (Int128)1 << bits;
            foreach (Int128 value in new[] { power - 1, power, power + 1, -power - 1, -power, 1 - power })
            {
                if (value >= long.MinValue && value <= ulong.MaxValue)
                {
                    yield return value;
                }
            }
        }

        yield return -33;
        yield return 200;
    }

    private static void AssertCuts(byte[] form, Reading read, string what)
    {
        for (int length = 0; length < form.Length; length++)
        {
            var reader = new NetReader(form.AsSpan(0, length));
            Assert.That(read(ref reader, out _), Is.False, $"{what}, cut at {length}");
            Assert.That((reader.Status, reader.Position), Is.EqualTo((DecodeStatus.EndOfData, 0)), $"{what}, cut at {length}");
        }
    }

    private static bool Give(bool read, Int128 number, out Int128 value)
    {
        value = number;
        return read;
    }
}
