using System.Globalization;
using System.Numerics;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

[Parallelizable]
public sealed class NetReaderTests
{
    private static readonly string[] EncodingsOfZero =
    [
        "00", "CC00", "CD0000", "CE00000000", "CF0000000000000000", "D000", "D10000", "D200000000", "D30000000000000000",
        "CA00000000", "CB0000000000000000",
    ];

    [TestCaseSource(nameof(EncodingsOfZero))]
    public void TryRead_EveryEncodingOfZero_IsZeroInEveryType(string hex)
    {
        byte[] wire = Convert.FromHexString(hex);
        Assert.Multiple(() =>
        {
            Assert.That(new NetReader(wire).TryRead(out byte u8) && u8 == 0);
            Assert.That(new NetReader(wire).TryRead(out ushort u16) && u16 == 0);
            Assert.That(new NetReader(wire).TryRead(out char unit) && unit == 0);
            Assert.That(new NetReader(wire).TryRead(out uint u32) && u32 == 0);
            Assert.That(new NetReader(wire).TryRead(out ulong u64) && u64 == 0);
            Assert.That(new NetReader(wire).TryRead(out sbyte i8) && i8 == 0);
            Assert.That(new NetReader(wire).TryRead(out short i16) && i16 == 0);
            Assert.That(new NetReader(wire).TryRead(out int i32) && i32 == 0);
            Assert.That(new NetReader(wire).TryRead(out long i64) && i64 == 0);
            Assert.That(new NetReader(wire).TryRead(out float f32) && f32 == 0);
            Assert.That(new NetReader(wire).TryRead(out double f64) && f64 == 0);
        });
    }

    [TestCase("CCFF", "255")]
    [TestCase("7F", "127")]
    [TestCase("E0", "-32")]
    [TestCase("D080", "-128")]
    [TestCase("CC80", "128")]
    [TestCase("CD0100", "256")]
    [TestCase("CDFFFF", "65535")]
    [TestCase("D18000", "-32768")]
    [TestCase("CD8000", "32768")]
    [TestCase("CE00010000", "65536")]
    [TestCase("CE7FFFFFFF", "2147483647")]
    [TestCase("CE80000000", "2147483648")]
    [TestCase("CEFFFFFFFF", "4294967295")]
    [TestCase("D280000000", "-2147483648")]
    [TestCase("D3FFFFFFFF7FFFFFFF", "-2147483649")]
    [TestCase("CF0000000100000000", "4294967296")]
    [TestCase("CF7FFFFFFFFFFFFFFF", "9223372036854775807")]
    [TestCase("CF8000000000000000", "9223372036854775808")]
    [TestCase("CFFFFFFFFFFFFFFFFF", "18446744073709551615")]
    [TestCase("D38000000000000000", "-9223372036854775808")]
    [TestCase("CBC3E0000000000000", "-9223372036854775808")]
    [TestCase("CB43E0000000000000", "9223372036854775808")]
    [TestCase("CA4B800000", "16777216")]
    public void TryRead_IntegerAtABoundary_FitsOrIsOutOfRange(string hex, string digits)
    {
        byte[] wire = Convert.FromHexString(hex);
        BigInteger expected = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        Check<byte>((ref NetReader r, out byte v) => r.TryRead(out v));
        Check<ushort>((ref NetReader r, out ushort v) => r.TryRead(out v));
        Check<uint>((ref NetReader r, out uint v) => r.TryRead(out v));
        Check<ulong>((ref NetReader r, out ulong v) => r.TryRead(out v));
        Check<sbyte>((ref NetReader r, out sbyte v) => r.TryRead(out v));
        Check<short>((ref NetReader r, out short v) => r.TryRead(out v));
        Check<int>((ref NetReader r, out int v) => r.TryRead(out v));
        Check<long>((ref NetReader r, out long v) => r.TryRead(out v));

        void Check<T>(ReadValue<T> read)
            where T : IBinaryInteger<T>, IMinMaxValue<T>
        {
            bool fits = expected >= BigInteger.CreateChecked(T.MinValue) && expected <= BigInteger.CreateChecked(T.MaxValue);
            NetReader reader = new(wire);
            Assert.That(read(ref reader, out T value), Is.EqualTo(fits), typeof(T).Name);
            Assert.That(reader.Status, Is.EqualTo(fits ? DecodeStatus.Ok : DecodeStatus.OutOfRange), typeof(T).Name);
            Assert.That(reader.Position, Is.EqualTo(fits ? wire.Length : 0), typeof(T).Name);
            if (fits)
            {
                Assert.That(BigInteger.CreateChecked(value), Is.EqualTo(expected), typeof(T).Name);
            }
        }
    }

    [TestCase("CA3F000000")]
    [TestCase("CA7FC00000")]
    [TestCase("CA7F800000")]
    [TestCase("CBBFE0000000000000")]
    [TestCase("CB43F0000000000000")]
    [TestCase("CBFFF0000000000000")]
    public void TryRead_FloatThatIsNoInteger_IsOutOfRange(string hex)
    {
        NetReader reader = new(Convert.FromHexString(hex));
        Assert.That(reader.TryRead(out ulong _), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.OutOfRange));
    }

    [Test]
    public void TryRead_DoubleBeyondFloat_IsOutOfRange()
    {
        NetReader reader = new(Convert.FromHexString("CB7FEFFFFFFFFFFFFF"));
        Assert.That(reader.TryRead(out float _), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.OutOfRange));
    }

    [TestCase("CA7F800001", 0x7F80_0001U)]
    [TestCase("CAFFA5A5A5", 0xFFA5_A5A5U)]
    [TestCase("CA7FC00000", 0x7FC0_0000U)]
    public void TryRead_FloatThatIsNoNumber_KeepsItsBits(string hex, uint bits)
    {
        NetReader reader = new(Convert.FromHexString(hex));
        Assert.That(reader.TryRead(out float value), Is.True);
        Assert.That((BitConverter.SingleToUInt32Bits(value), reader.Remaining), Is.EqualTo((bits, 0)));
    }

    [Test]
    public void TryRead_FloatThatIsCut_IsEndOfData()
    {
        NetReader reader = new(Convert.FromHexString("CA3F8000"));
        Assert.That(reader.TryRead(out float value), Is.False);
        Assert.That((value, reader.Status, reader.Position), Is.EqualTo((0f, DecodeStatus.EndOfData, 0)));
    }

    [TestCase("CB7FF0000000000000", float.PositiveInfinity)]
    [TestCase("CB3FF8000000000000", 1.5f)]
    [TestCase("D0FF", -1f)]
    [TestCase("CFFFFFFFFFFFFFFFFF", 18446744073709551615f)]
    public void TryRead_FloatFromAnotherForm_IsTheNearest(string hex, float expected)
    {
        NetReader reader = new(Convert.FromHexString(hex));
        Assert.That(reader.TryRead(out float value), Is.True);
        Assert.That(value, Is.EqualTo(expected));
    }

    [Test]
    public void TryRead_WrongType_KeepsThePlaceAndTheFirstStatus()
    {
        NetReader reader = new([0x01, 0xA1, 0x78, 0x02]);
        Assert.That(reader.TryRead(out int _), Is.True);
        Assert.That(reader.TryRead(out int _), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.WrongType));
        Assert.That(reader.Position, Is.EqualTo(1));
        Assert.That(reader.TryRead(out string? _), Is.False, "a failure is final");
        Assert.That(reader.TrySkip(), Is.False);
        Assert.That(reader.TryEnd(), Is.False);
        Assert.That(reader.NextKind, Is.EqualTo(MessagePackKind.None));
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.WrongType));
    }

    [Test]
    public void TryRead_NeverUsedByte_IsMalformed()
    {
        foreach (ReadAny read in ReadAny.All)
        {
            NetReader reader = new([0xC1]);
            Assert.That(read.Read(ref reader), Is.False, read.Name);
            Assert.That(reader.Status, Is.EqualTo(DecodeStatus.Malformed), read.Name);
        }
    }

    [Test]
    public void NextKind_EveryFirstByte_AgreesWithWhatCanBeRead()
    {
        for (int first = 0; first <= 0xFF; first++)
        {
            byte[] wire = new byte[64];
            wire[0] = (byte)first;
            MessagePackKind expected = new NetReader(wire).NextKind;
            foreach (ReadAny read in ReadAny.All)
            {
                NetReader reader = new(wire);
                read.Read(ref reader);
                bool accepts = read.Types.Contains(expected);
                Assert.That(reader.Status is DecodeStatus.WrongType or DecodeStatus.Malformed, accepts ? Is.False : Is.True, $"{read.Name} of {first:X2}");
            }
        }
    }

    [Test]
    public void TryRead_EveryFirstByteWithAnyTail_NeverThrowsOrLeavesTheSource()
    {
        Random random = new(20_261_123);
        byte[] wire = new byte[40];
        for (int first = 0; first <= 0xFF; first++)
        {
            for (int round = 0; round < 200; round++)
            {
                random.NextBytes(wire);
                wire[0] = (byte)first;
                // Lengths are more often plausible if their high bytes are zero.
                wire.AsSpan(1, random.Next(0, 5)).Clear();
                int length = random.Next(1, wire.Length + 1);
                foreach (ReadAny read in ReadAny.All)
                {
                    NetReader reader = new(wire.AsSpan(0, length));
                    bool ok = read.Read(ref reader);
                    if (ok != (reader.Status == DecodeStatus.Ok) || reader.Position > length)
                    {
                        Assert.Fail($"{read.Name} of {Convert.ToHexString(wire, 0, length)}: {ok}, {reader.Status} at {reader.Position}");
                    }
                }
            }
        }
    }

    [Test]
    public void TryReadNil_SomethingElse_IsLeftAlone()
    {
        NetReader reader = new([0x05]);
        Assert.That(reader.TryReadNil(), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.Ok));
        Assert.That(reader.TryRead(out int value) && value == 5, Is.True);
        Assert.That(reader.TryReadNil(), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.Ok));
    }

    [Test]
    public void TryEnd_BytesLeft_IsTrailingData()
    {
        NetReader reader = new([0x05, 0x06]);
        Assert.That(reader.TryRead(out int _), Is.True);
        Assert.That(reader.TryEnd(), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.TrailingData));
        Assert.That(reader.Position, Is.EqualTo(1));
    }

    [Test]
    public void TryRead_InvalidUtf8_IsRejectedOrRaw([Values("A2C328", "D902C328", "DA0002C328", "DB00000002C328")] string hex)
    {
        byte[] wire = Convert.FromHexString(hex);
        NetReader rejecting = new(wire);
        Assert.That(rejecting.TryRead(out string? _), Is.False);
        Assert.That(rejecting.Status, Is.EqualTo(DecodeStatus.InvalidUtf8));
        Assert.That(rejecting.Position, Is.Zero);
        NetReader raw = new(wire);
        Assert.That(raw.TryReadUtf8(out ReadOnlySpan<byte> bytes) && bytes.SequenceEqual<byte>([0xC3, 0x28]), Is.True);
    }

    private delegate bool ReadValue<T>(ref NetReader reader, out T value);

    [Test]
    public void TryRead_StringOfEachLength_IsTheSameAgainAndInvalidUtf8IsSeen()
    {
        foreach (int length in new[] { 0, 1, 31, 32, 84, 85, 86, 255, 256, 257, 1_000 })
        {
            foreach (string text in new[] { new string('x', length), new string('\u20AC', length), new string('x', length) + "\U0001F600" })
            {
                byte[] wire = new byte[8 + (length * 3)];
                NetWriter writer = new(wire);
                writer.Write(text);
                NetReader reader = new(writer.Written);
                Assert.That(reader.TryRead(out string? read) && reader.TryEnd(), Is.True);
                Assert.That(read, Is.EqualTo(text));

                byte[] broken = [.. System.Text.Encoding.UTF8.GetBytes(text), 0xE2, 0x82];
                writer = new(new byte[broken.Length + 5]);
                writer.WriteUtf8(broken);
                reader = new(writer.Written);
                Assert.That(reader.TryRead(out read), Is.False);
                Assert.That((read, reader.Status, reader.Position), Is.EqualTo(((string?)null, DecodeStatus.InvalidUtf8, 0)));
            }
        }
    }
}
