using System.Text;
using NUnit.Framework;

namespace NetLoop.Tests.Framing;

[Parallelizable]
public sealed class DelimitedFramerTests
{
    [Test]
    public void TryRead_DelimiterCutAnywhere_IsIncompleteUntilWhole()
    {
        byte[] wire = "body--END--"u8.ToArray();
        var framer = new DelimitedFramer("--END--"u8, maxBodyBytes: 100);
        for (int cut = 1; cut < wire.Length; cut++)
        {
            Assert.That(framer.TryRead(wire.AsSpan(0, cut), out _), Is.EqualTo(FrameStatus.Incomplete), $"cut at {cut}");
        }

        Assert.That(framer.TryRead(wire, out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(0, BodyBytes: 4, FrameBytes: 11)));
    }

    [Test]
    public void TryRead_OverlappingBeginningsOfTheDelimiter_FindsTheFirstWholeOne()
    {
        byte[] wire = "aababaab"u8.ToArray();
        var framer = new DelimitedFramer("abaab"u8, maxBodyBytes: 100);
        for (int cut = 1; cut < wire.Length; cut++)
        {
            Assert.That(framer.TryRead(wire.AsSpan(0, cut), out _), Is.EqualTo(FrameStatus.Incomplete), $"cut at {cut}");
        }

        Assert.That(framer.TryRead(wire, out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame.BodyBytes, Is.EqualTo(3));
    }

    [Test]
    public void TryRead_NextFrameAfterAPartialOne_IsSearchedFromItsStart()
    {
        var framer = new DelimitedFramer("\n"u8, maxBodyBytes: 100);
        Assert.That(framer.TryRead("abc"u8, out _), Is.EqualTo(FrameStatus.Incomplete));
        Assert.That(framer.TryRead("abc\n\nx"u8, out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(0, 3, 4)));
        Assert.That(framer.TryRead("\nx"u8, out frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(0, 0, 1)), "an empty body");
        Assert.That(framer.TryRead("x"u8, out _), Is.EqualTo(FrameStatus.Incomplete));
    }

    [TestCase("12345\n", FrameStatus.Complete)]
    [TestCase("12345", FrameStatus.Incomplete)]
    [TestCase("123456", FrameStatus.TooLarge)]
    [TestCase("123456\n", FrameStatus.TooLarge)]
    [TestCase("1234567890\n", FrameStatus.TooLarge)]
    public void TryRead_AroundTheLimit_IsDecidedByTheBody(string wire, FrameStatus expected)
    {
        var framer = new DelimitedFramer("\n"u8, maxBodyBytes: 5);
        Assert.That(framer.TryRead(Encoding.ASCII.GetBytes(wire), out _), Is.EqualTo(expected));
    }

    [TestCase("12345<>", FrameStatus.Complete)]
    [TestCase("12345<", FrameStatus.Incomplete)]
    [TestCase("123456<", FrameStatus.TooLarge)]
    public void TryRead_LongDelimiterAroundTheLimit_IsDecidedByTheBody(string wire, FrameStatus expected)
    {
        var framer = new DelimitedFramer("<>"u8, maxBodyBytes: 5);
        Assert.That(framer.TryRead(Encoding.ASCII.GetBytes(wire), out _), Is.EqualTo(expected));
    }

    [TestCase("abc\n", 3)]
    [TestCase("abc\r\n", 3)]
    [TestCase("abc\r\r\n", 4)]
    [TestCase("a\rc\n", 3)]
    [TestCase("\r\n", 0)]
    [TestCase("\n", 0)]
    public void Lines_AnyEnding_IsNotPartOfTheBody(string wire, int bodyBytes)
    {
        var framer = DelimitedFramer.Lines(maxLineBytes: 10);
        byte[] bytes = Encoding.ASCII.GetBytes(wire);
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            Assert.That(framer.TryRead(bytes.AsSpan(0, cut), out _), Is.EqualTo(FrameStatus.Incomplete), $"cut at {cut}");
        }

        Assert.That(framer.TryRead(bytes, out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(0, bodyBytes, bytes.Length)));
    }

    [Test]
    public void Trailer_Lines_IsNewline()
    {
        var framer = DelimitedFramer.Lines(maxLineBytes: 10);
        Assert.That(framer.Trailer.SequenceEqual("\n"u8));
        Assert.That(framer.HeaderBytes, Is.Zero);
        Assert.That(framer.MaxBodyBytes, Is.EqualTo(10));
    }

    [TestCase(0)]
    [TestCase(17)]
    public void Constructor_DelimiterLengthOutOfRange_SaysTheRange(int delimiterBytes)
    {
        Assert.That(
            () => new DelimitedFramer(new byte[delimiterBytes], 10),
            Throws.ArgumentException.With.Message.Contains($"delimiter has {delimiterBytes} bytes; it must have 1 to 16"));
    }

    [TestCase(0)]
    [TestCase((16 << 20) + 1)]
    public void Constructor_LimitOutOfRange_NamesValueAndRange(int limit)
    {
        Assert.That(() => new DelimitedFramer("\n"u8, limit), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"maxBodyBytes is {limit}"));
        Assert.That(() => DelimitedFramer.Lines(limit), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"maxLineBytes is {limit}"));
    }
}
