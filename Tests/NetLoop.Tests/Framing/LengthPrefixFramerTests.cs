using System.Buffers.Binary;
using NUnit.Framework;

namespace NetLoop.Tests.Framing;

[Parallelizable]
public sealed class LengthPrefixFramerTests
{
    private const int Max = 64;

    private readonly LengthPrefixFramer _framer = new(maxBodyBytes: Max);

    [Test]
    public void TryRead_FrameCutAnywhere_IsIncompleteUntilWhole()
    {
        byte[] wire = [0, 0, 0, 2, 0xAB, 0xCD];
        for (int cut = 0; cut < wire.Length; cut++)
        {
            Assert.That(_framer.TryRead(wire.AsSpan(0, cut), out _), Is.EqualTo(FrameStatus.Incomplete), $"cut at {cut}");
        }

        Assert.That(_framer.TryRead(wire, out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(BodyOffset: 4, BodyBytes: 2, FrameBytes: 6)));
    }

    [Test]
    public void TryRead_SeveralFrames_TakesTheFirst()
    {
        byte[] wire = [0, 0, 0, 1, 0xAB, 0, 0, 0, 1, 0xCD];
        Assert.That(_framer.TryRead(wire, out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame.FrameBytes, Is.EqualTo(5));
        Assert.That(_framer.TryRead(wire.AsSpan(frame.FrameBytes), out frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame.FrameBytes, Is.EqualTo(5));
    }

    [TestCase(0u, FrameStatus.Malformed)]
    [TestCase(1u, FrameStatus.Incomplete)]
    [TestCase((uint)Max - 1, FrameStatus.Incomplete)]
    [TestCase((uint)Max, FrameStatus.Incomplete)]
    [TestCase((uint)Max + 1, FrameStatus.TooLarge)]
    [TestCase(0x7FFF_FFFFu, FrameStatus.TooLarge)]
    [TestCase(0x8000_0000u, FrameStatus.TooLarge)]
    [TestCase(0x8000_0001u, FrameStatus.TooLarge)]
    [TestCase(0xFFFF_FFFFu, FrameStatus.TooLarge)]
    public void TryRead_LengthAlone_IsDecidedByTheFourBytes(uint length, FrameStatus expected)
    {
        byte[] wire = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(wire, length);
        Assert.That(_framer.TryRead(wire, out _), Is.EqualTo(expected));
    }

    [TestCase(1)]
    [TestCase(Max - 1)]
    [TestCase(Max)]
    public void WriteHeader_Length_IsReadBack(int bodyBytes)
    {
        byte[] wire = new byte[4 + bodyBytes];
        _framer.WriteHeader(wire.AsSpan(0, _framer.HeaderBytes), bodyBytes);
        Assert.That(_framer.TryRead(wire, out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(4, bodyBytes, 4 + bodyBytes)));
    }

    [Test]
    public void TryRead_RandomStreamInRandomPieces_CutsTheSameBodies([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var wire = new List<byte>();
        var sizes = new List<int>();
        for (int i = 0; i < 500; i++)
        {
            sizes.Add(random.Next(1, Max + 1));
            byte[] frame = new byte[4 + sizes[^1]];
            _framer.WriteHeader(frame.AsSpan(0, 4), sizes[^1]);
            wire.AddRange(frame);
        }

        var cut = new List<int>();
        int start = 0;
        int end = 0;
        while (start < wire.Count)
        {
            end = Math.Min(wire.Count, end + random.Next(1, 100));
            while (_framer.TryRead(wire.ToArray().AsSpan(start, end - start), out FrameBounds frame) == FrameStatus.Complete)
            {
                cut.Add(frame.BodyBytes);
                start += frame.FrameBytes;
            }
        }

        Assert.That(cut, Is.EqualTo(sizes));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase((16 << 20) + 1)]
    public void Constructor_LimitOutOfRange_NamesValueAndRange(int limit)
    {
        Assert.That(
            () => new LengthPrefixFramer(limit),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"maxBodyBytes is {limit}; it must be 1 to 16777216"));
    }
}
