using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>Published attacks on other MessagePack readers; the comments name the published fixes.</summary>
public sealed class HostileInputTests
{
    private const int SmallStackBytes = 256 * 1024;

    // CWE-674: a recursive skip overflowed the stack and ended the process.
    [Test]
    public void TrySkip_TenMillionNestedArrays_IsTooDeepOnASmallStack()
    {
        byte[] wire = new byte[10_000_000];
        Array.Fill(wire, (byte)0x91);
        OnSmallStack(() =>
        {
            NetReader reader = new(wire);
            Assert.That(reader.TrySkip(), Is.False);
            Assert.That(reader.Status, Is.EqualTo(DecodeStatus.TooDeep));
            Assert.That(reader.Position, Is.Zero);
        });
    }

    [Test]
    public void TrySkip_NestedToTheLimit_IsRead(
        [Values(0, 1, 2, 64, 500)] int limit, [Values("91", "8100", "DC0001", "DD00000001", "DE000100", "DF0000000100")] string level)
    {
        DecodeLimits limits = new() { MaxDepth = limit };
        OnSmallStack(() =>
        {
            NetReader allowed = new(Nested(level, limit), limits);
            Assert.That(allowed.TrySkip() && allowed.TryEnd(), Is.True);
            NetReader tooDeep = new(Nested(level, limit + 1), limits);
            Assert.That(tooDeep.TrySkip(), Is.False);
            Assert.That(tooDeep.Status, Is.EqualTo(DecodeStatus.TooDeep));
        });
    }

    [Test]
    public void TrySkip_InsideOtherContainers_CountsTheirDepth()
    {
        DecodeLimits limits = new() { MaxDepth = 3 };
        NetReader reader = new(Nested("91", 4), limits);
        Assert.That(reader.TryEnterArray(out _), Is.True);
        Assert.That(reader.TrySkip(), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.TooDeep));
    }

    [Test]
    public void TryEnter_BeyondTheLimit_IsTooDeep()
    {
        NetReader reader = new(Nested("91", 65));
        for (int level = 0; level < 64; level++)
        {
            Assert.That(reader.TryEnterArray(out _), Is.True);
        }

        Assert.That(reader.TryEnterArray(out _), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.TooDeep));
    }

    [Test]
    public void Leave_ThenEnter_IsTheSameDepth()
    {
        DecodeLimits limits = new() { MaxDepth = 1 };
        NetReader reader = new([0x90, 0x90], limits);
        Assert.That(reader.TryEnterArray(out _), Is.True);
        reader.Leave();
        Assert.That(reader.TryEnterArray(out _), Is.True);
    }

    // CWE-190: twice 2^30 overflowed to 0 elements.
    [TestCase("DF40000000")]
    [TestCase("DF80000000")]
    [TestCase("DFFFFFFFFF00000000")]
    [TestCase("DE0002000000")]
    [TestCase("81")]
    [TestCase("8100")]
    public void MapHeader_MorePairsThanBytes_IsEndOfData(string hex)
    {
        byte[] wire = Convert.FromHexString(hex);
        NetReader reading = new(wire);
        Assert.That(reading.TryReadMapHeader(out _) && reading.TrySkip() && reading.TrySkip(), Is.False);
        Assert.That(reading.Status, Is.EqualTo(DecodeStatus.EndOfData));
        NetReader skipping = new(wire);
        Assert.That(skipping.TrySkip(), Is.False);
        Assert.That(skipping.Status, Is.EqualTo(DecodeStatus.EndOfData));
    }

    [TestCase("DDFFFFFFFF00")]
    [TestCase("DCFFFF")]
    [TestCase("9F00")]
    public void ArrayHeader_MoreElementsThanBytes_IsEndOfData(string hex)
    {
        NetReader reader = new(Convert.FromHexString(hex));
        Assert.That(reader.TryReadArrayHeader(out int count), Is.False);
        Assert.That(count, Is.Zero);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.EndOfData));
    }

    // CWE-789: memory was allocated for the claimed length of a timestamp.
    [TestCase("C9FFFFFFFFFF", DecodeStatus.Malformed)]
    [TestCase("C8FFFFFF", DecodeStatus.Malformed)]
    [TestCase("C705FF0000000000", DecodeStatus.Malformed)]
    [TestCase("D4FF00", DecodeStatus.Malformed)]
    [TestCase("D60100000000", DecodeStatus.WrongType)]
    [TestCase("D7FFEE6B280000000000", DecodeStatus.OutOfRange)]
    [TestCase("C70CFF3B9ACA000000000000000000", DecodeStatus.OutOfRange)]
    [TestCase("C70CFFFFFFFFFF0000000000000000", DecodeStatus.OutOfRange)]
    [TestCase("C70CFF000000007FFFFFFFFFFFFFFF", DecodeStatus.OutOfRange)]
    [TestCase("C70CFF000000008000000000000000", DecodeStatus.OutOfRange)]
    [TestCase("C70CFF000000000000003AFFF44180", DecodeStatus.OutOfRange)]
    [TestCase("C70CFF00000000FFFFFFF1886E08FF", DecodeStatus.OutOfRange)]
    public void Timestamp_BadLengthOrRange_IsRejectedWithoutMemory(string hex, DecodeStatus expected)
    {
        byte[] wire = Convert.FromHexString(hex);
        long before = GC.GetAllocatedBytesForCurrentThread();
        NetReader reader = new(wire);
        bool read = reader.TryRead(out DateTime _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(read, Is.False);
        Assert.That(reader.Status, Is.EqualTo(expected));
        Assert.That(allocated, Is.Zero);
    }

    [TestCase("C70CFF3B9AC99C0000003AFFF4417F", "9999-12-31T23:59:59.9999999Z")]
    [TestCase("C70CFF00000000FFFFFFF1886E0900", "0001-01-01T00:00:00.0000000Z")]
    [TestCase("D7FFEE6B27FC00000000", "1970-01-01T00:00:00.9999999Z")]
    [TestCase("C70CFF000000000000000000000001", "1970-01-01T00:00:01.0000000Z")]
    public void Timestamp_AtTheEndsOfTime_IsRead(string hex, string expected)
    {
        NetReader reader = new(Convert.FromHexString(hex));
        Assert.That(reader.TryRead(out DateTime value), Is.True);
        Assert.That(value.ToString("O"), Is.EqualTo(expected));
    }

    [TestCase("91D6FF00000000", DecodeStatus.WrongType)]
    [TestCase("92D6FF00000000CD0349", DecodeStatus.OutOfRange)]
    [TestCase("92D6FF00000000D1FCB7", DecodeStatus.OutOfRange)]
    [TestCase("92C70CFF00000000FFFFFFF1886E090001", DecodeStatus.OutOfRange)]
    [TestCase("92C70CFF3B9AC99C0000003AFFF4417FFF", DecodeStatus.OutOfRange)]
    public void Offset_BadShapeOrRange_IsRejected(string hex, DecodeStatus expected)
    {
        NetReader reader = new(Convert.FromHexString(hex));
        Assert.That(reader.TryRead(out DateTimeOffset _), Is.False);
        Assert.That(reader.Status, Is.EqualTo(expected));
        Assert.That(reader.Position, Is.Zero);
    }

    [Test]
    public void Limits_OneMoreThanAllowed_IsTooLong()
    {
        DecodeLimits limits = new() { MaxItems = 2, MaxStringBytes = 2, MaxBinaryBytes = 2 };
        Check("930102030405060708", "920102", (ref NetReader r) => r.TryReadArrayHeader(out _));
        Check("83010203040506", "8201020304", (ref NetReader r) => r.TryReadMapHeader(out _));
        Check("A3616161", "A26161", (ref NetReader r) => r.TryRead(out string? _));
        Check("D903616161", "D9026161", (ref NetReader r) => r.TryReadUtf8(out _));
        Check("C403616161", "C4026161", (ref NetReader r) => r.TryReadBinary(out byte[]? _));
        Check("C70305616161", "D5056161", (ref NetReader r) => r.TryReadExtension(out _, out _));

        void Check(string tooLong, string allowed, ReadAny.Reading read)
        {
            NetReader bad = new(Convert.FromHexString(tooLong), limits);
            Assert.That(read(ref bad), Is.False, tooLong);
            Assert.That(bad.Status, Is.EqualTo(DecodeStatus.TooLong), tooLong);
            NetReader good = new(Convert.FromHexString(allowed), limits);
            Assert.That(read(ref good), Is.True, allowed);
        }
    }

    private static byte[] Nested(string level, int depth)
    {
        byte[] one = Convert.FromHexString(level);
        return [.. Enumerable.Repeat(one, depth).SelectMany(bytes => bytes), 0xC0];
    }

    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        Thread thread = new(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            SmallStackBytes);
        thread.Start();
        thread.Join();
        Assert.That(failure, Is.Null);
    }
}
