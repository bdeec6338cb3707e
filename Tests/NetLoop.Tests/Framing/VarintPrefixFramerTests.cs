using NetLoop.Framing;
using NUnit.Framework;

namespace NetLoop.Tests.Framing;

[Parallelizable]
public sealed class VarintPrefixFramerTests
{
    private readonly VarintPrefixFramer _framer = new(16 << 20);

    // Source: Protocol Buffers documentation, "Encoding", base 128 varints: 150 is 96 01, 300 is AC 02.
    [TestCase(0, "00")]
    [TestCase(1, "01")]
    [TestCase(127, "7F")]
    [TestCase(128, "8001")]
    [TestCase(150, "9601")]
    [TestCase(300, "AC02")]
    [TestCase(16_383, "FF7F")]
    [TestCase(16_384, "808001")]
    [TestCase(2_097_151, "FFFF7F")]
    [TestCase(2_097_152, "80808001")]
    [TestCase(16 << 20, "80808008")]
    public void WriteHeader_Length_IsAsOthersWriteItAndReadBack(int bodyBytes, string expected)
    {
        byte[] wire = new byte[_framer.HeaderBytesFor(bodyBytes) + bodyBytes];
        int headerBytes = wire.Length - bodyBytes;
        _framer.WriteHeader(wire.AsSpan(0, headerBytes), bodyBytes);
        Assert.That(Convert.ToHexString(wire, 0, headerBytes), Is.EqualTo(expected));
        for (int cut = 0; cut < Math.Min(wire.Length, 10); cut++)
        {
            Assert.That(_framer.TryRead(wire.AsSpan(0, cut), out _), Is.EqualTo(FrameStatus.Incomplete), $"cut at {cut}");
        }

        Assert.That(_framer.TryRead([.. wire, 0x55], out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(headerBytes, bodyBytes, wire.Length)));
    }

    [TestCase("8080808000", FrameStatus.Malformed, TestName = "five bytes")]
    [TestCase("FFFFFFFF", FrameStatus.TooLarge, TestName = "the largest of four bytes")]
    [TestCase("81808008", FrameStatus.TooLarge, TestName = "one above the limit")]
    [TestCase("808080", FrameStatus.Incomplete, TestName = "a prefix that goes on")]
    [TestCase("8000", FrameStatus.Complete, TestName = "a zero in two bytes")]
    public void TryRead_OddPrefix_IsJudged(string wire, FrameStatus expected) =>
        Assert.That(_framer.TryRead(Convert.FromHexString(wire), out _), Is.EqualTo(expected));

    [TestCase(0)]
    [TestCase((16 << 20) + 1)]
    public void Constructor_LimitOutOfRange_Throws(int max) => Assert.Throws<ArgumentOutOfRangeException>(() => _ = new VarintPrefixFramer(max));

    [TestCase(0)]
    [TestCase(18)]
    [TestCase(-1)]
    public void HeaderBytesFor_OutOfRange_EndsSending(int headerBytes)
    {
        var faults = new List<Exception>();
        var framer = (GuardedVariableFramer)GuardedFramer.Create(() => new OddFramer(headerBytes), faults.Add);
        Assert.That(framer.HeaderBytesFor(5), Is.EqualTo(1));
        Assert.That(framer.HasFailedToWrite, Is.True);
        Assert.That(faults.Single().Message, Does.Contain($"HeaderBytesFor(5) of OddFramer is {headerBytes}; it must be 1 to 17"));
    }

    private sealed class OddFramer(int headerBytes) : IFramer, IVariableFrameWriter
    {
        public int MaxBodyBytes => 100;

        public int HeaderBytes => 1;

        public ReadOnlySpan<byte> Trailer => default;

        public int HeaderBytesFor(int bodyBytes) => headerBytes;

        public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame) => throw new NotSupportedException();

        public void WriteHeader(Span<byte> header, int bodyBytes)
        {
        }
    }
}
