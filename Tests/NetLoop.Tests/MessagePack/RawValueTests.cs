using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>Values that are skipped or passed to another codec have the same limits as values that are read.</summary>
[Parallelizable]
public sealed class RawValueTests
{
    private static readonly DecodeLimits Small = new() { MaxDepth = 2, MaxItems = 3, MaxStringBytes = 4, MaxBinaryBytes = 5 };

    [TestCase("C0")]
    [TestCase("CB3FF0000000000000")]
    [TestCase("A461626364")]
    [TestCase("D90461626364")]
    [TestCase("C4050102030405")]
    [TestCase("C70505010203040506", 8)]
    [TestCase("93C0C291C3")]
    [TestCase("DF00000001A161C0")]
    public void TryReadRaw_OneValue_GivesItsBytes(string hex, int bytes = 0)
    {
        byte[] wire = Convert.FromHexString(hex);
        byte[] expected = wire[..(bytes == 0 ? wire.Length : bytes)];
        NetReader reader = new([.. expected, 0x2A], Small);
        Assert.That(reader.TryReadRaw(out ReadOnlySpan<byte> encoded), Is.True);
        Assert.That(encoded.ToArray(), Is.EqualTo(expected));
        Assert.That(reader.TryRead(out int next) && next == 0x2A && reader.TryEnd(), Is.True);
    }

    [TestCase("94C0C0C0C0", DecodeStatus.TooLong)]
    [TestCase("DC0004C0C0C0C0", DecodeStatus.TooLong)]
    [TestCase("840000000000000000", DecodeStatus.TooLong)]
    [TestCase("DE00040000000000000000", DecodeStatus.TooLong)]
    [TestCase("A56162636465", DecodeStatus.TooLong)]
    [TestCase("D9056162636465", DecodeStatus.TooLong)]
    [TestCase("C406010203040506", DecodeStatus.TooLong)]
    [TestCase("C50006010203040506", DecodeStatus.TooLong)]
    [TestCase("D80501010101010101010101010101010101", DecodeStatus.TooLong)]
    [TestCase("91919100", DecodeStatus.TooDeep)]
    [TestCase("A2C328", DecodeStatus.InvalidUtf8)]
    [TestCase("81A2C32800", DecodeStatus.InvalidUtf8)]
    [TestCase("91DB00000002C328", DecodeStatus.InvalidUtf8)]
    [TestCase("92C0", DecodeStatus.EndOfData)]
    [TestCase("91C1", DecodeStatus.Malformed)]
    public void TrySkipAndTryReadRaw_BeyondALimit_FailAsReadingDoes(string hex, DecodeStatus expected)
    {
        byte[] wire = Convert.FromHexString(hex);
        NetReader skipping = new(wire, Small);
        Assert.That(skipping.TrySkip(), Is.False);
        Assert.That(skipping.Status, Is.EqualTo(expected));
        NetReader reading = new(wire, Small);
        Assert.That(reading.TryReadRaw(out ReadOnlySpan<byte> encoded), Is.False);
        Assert.That((reading.Status, encoded.Length, reading.Remaining), Is.EqualTo((expected, 0, 0)));
    }

    [Test]
    public void TryCharge_WithinTheBudget_Succeeds()
    {
        NetReader reader = new(new byte[20], new DecodeLimits { MaxDecodedBytesPerByte = 10, MinDecodedBytes = 150 });
        Assert.That(reader.TryCharge(150) && reader.TryCharge(0) && reader.TryCharge(50), Is.True);
        Assert.That(reader.TryCharge(1), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.TooLarge));
    }

    [Test]
    public void TryCharge_ShortSource_HasTheMinimum()
    {
        NetReader reader = new(new byte[1], new DecodeLimits { MaxDecodedBytesPerByte = 10, MinDecodedBytes = 150 });
        Assert.That(reader.TryCharge(150), Is.True);
        Assert.That(reader.TryCharge(1), Is.False);
    }

    [Test]
    public void TryCharge_MoreThanALongHolds_IsTooLarge()
    {
        NetReader reader = new(new byte[1], new DecodeLimits { MaxDecodedBytesPerByte = int.MaxValue, MinDecodedBytes = int.MaxValue });
        Assert.That(reader.TryCharge(long.MaxValue), Is.False);
        Assert.That(reader.TryCharge(long.MaxValue), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.TooLarge));
    }

    [Test]
    public void TryCharge_Negative_IsAMistakeOfTheCaller() => Assert.That(
        () =>
        {
            NetReader reader = new([0xC0]);
            reader.TryCharge(-1);
        },
        Throws.InstanceOf<ArgumentOutOfRangeException>());
}
