using NUnit.Framework;

namespace NetLoop.Tests.Framing;

[Parallelizable]
public sealed class RawFramerTests
{
    [TestCase(1, 1)]
    [TestCase(7, 7)]
    [TestCase(8, 8)]
    [TestCase(9, 8)]
    [TestCase(100, 8)]
    public void TryRead_Chunk_IsABodyUpToTheLimit(int received, int bodyBytes)
    {
        var framer = new RawFramer(maxChunkBytes: 8);
        Assert.That(framer.TryRead(new byte[received], out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(0, bodyBytes, bodyBytes)));
    }

    [Test]
    public void TryRead_NoBytes_IsIncomplete()
    {
        Assert.That(new RawFramer(8).TryRead([], out _), Is.EqualTo(FrameStatus.Incomplete));
    }

    [Test]
    public void Frame_Sent_IsTheBodyAlone()
    {
        var framer = new RawFramer(8);
        Assert.That(framer.HeaderBytes, Is.Zero);
        Assert.That(framer.Trailer.Length, Is.Zero);
    }

    [TestCase(0)]
    [TestCase((16 << 20) + 1)]
    public void Constructor_LimitOutOfRange_NamesValueAndRange(int limit)
    {
        Assert.That(() => new RawFramer(limit), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"maxChunkBytes is {limit}"));
    }
}
