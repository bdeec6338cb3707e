using NetLoop.Framing;
using NUnit.Framework;

namespace NetLoop.Tests.Framing;

[Parallelizable]
public sealed class GuardedFramerTests
{
    private static readonly byte[] Received = [1, 2, 3, 4];

    [Test]
    public void TryRead_GoodFrame_IsPassedOn()
    {
        var framer = GuardedFramer.Create(() => new FixedAnswer(new FrameBounds(1, 2, 4)), Fail);
        Assert.That(framer.TryRead(Received, out FrameBounds frame), Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame, Is.EqualTo(new FrameBounds(1, 2, 4)));
    }

    [TestCase(0, 0, 0, TestName = "a frame of no bytes would be cut for ever")]
    [TestCase(0, 2, 5, TestName = "a frame longer than what was received")]
    [TestCase(-1, 2, 4, TestName = "a body before the frame")]
    [TestCase(3, 2, 4, TestName = "a body beyond the frame")]
    [TestCase(0, -1, 4, TestName = "a negative body")]
    [TestCase(0, 4, 4, TestName = "a body above the framer's own limit")]
    public void TryRead_FrameOutsideTheBytes_IsMalformed(int bodyOffset, int bodyBytes, int frameBytes)
    {
        var framer = GuardedFramer.Create(() => new FixedAnswer(new FrameBounds(bodyOffset, bodyBytes, frameBytes)), Fail);
        Assert.That(framer.TryRead(Received, out _), Is.EqualTo(FrameStatus.Malformed));
    }

    [Test]
    public void TryRead_StatusThatDoesNotExist_IsMalformed()
    {
        var framer = GuardedFramer.Create(() => new FixedAnswer(new FrameBounds(0, 1, 1)) { Status = (FrameStatus)77 }, Fail);
        Assert.That(framer.TryRead(Received, out _), Is.EqualTo(FrameStatus.Malformed));
    }

    [Test]
    public void Properties_FramerChangesItsMind_StayAsTheyWere()
    {
        var fickle = new FickleFramer();
        var framer = GuardedFramer.Create(() => fickle, Fail);
        fickle.Grow();
        Assert.That((framer.MaxBodyBytes, framer.HeaderBytes, framer.Trailer.Length), Is.EqualTo((3, 1, 1)));
    }

    [Test]
    public void WriteHeader_FramerThrows_IsReportedAndRemembered()
    {
        var faults = new List<Exception>();
        var framer = GuardedFramer.Create(() => new FickleFramer(), faults.Add);
        Assert.That(framer.HasFailedToWrite, Is.False);
        byte[] header = [9];
        framer.WriteHeader(header, 1);
        Assert.That(framer.HasFailedToWrite, Is.True);
        Assert.That(header[0], Is.Zero);
        Assert.That(faults, Has.Count.EqualTo(1));
    }

    [Test]
    public void TryRead_FramerThrows_IsMalformedAndReported()
    {
        var faults = new List<Exception>();
        var framer = GuardedFramer.Create(() => new FixedAnswer(null), faults.Add);
        Assert.That(framer.TryRead(Received, out _), Is.EqualTo(FrameStatus.Malformed));
        Assert.That(faults, Has.Count.EqualTo(1));
    }

    [Test]
    public void Create_FactoryFailsOrFramerAsksForTooMuch_EveryFrameIsMalformed()
    {
        var faults = new List<Exception>();
        IFramer[] framers =
        [
            GuardedFramer.Create(() => throw new InvalidOperationException("broken"), faults.Add),
            GuardedFramer.Create(() => null!, faults.Add),
            GuardedFramer.Create(() => new FixedAnswer(new FrameBounds(0, 1, 1)) { HeaderBytes = -1 }, faults.Add),
        ];
        foreach (IFramer framer in framers)
        {
            Assert.That(framer.TryRead(Received, out _), Is.EqualTo(FrameStatus.Malformed));
        }

        Assert.That(faults, Has.Count.EqualTo(3));
    }

    private static void Fail(Exception exception) => Assert.Fail(exception.ToString());

    private sealed class FixedAnswer(FrameBounds? answer) : IFramer
    {
        public int MaxBodyBytes => 3;

        public int HeaderBytes { get; init; }

        public FrameStatus Status { get; init; } = FrameStatus.Complete;

        public ReadOnlySpan<byte> Trailer => default;

        public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
        {
            frame = answer ?? throw new InvalidOperationException("broken");
            return Status;
        }

        public void WriteHeader(Span<byte> header, int bodyBytes)
        {
        }
    }

    /// <summary>Asks for more later than at first, and cannot write.</summary>
    private sealed class FickleFramer : IFramer
    {
        private byte[] _trailer = [0];

        public int MaxBodyBytes { get; private set; } = 3;

        public int HeaderBytes { get; private set; } = 1;

        public ReadOnlySpan<byte> Trailer => _trailer;

        public void Grow()
        {
            MaxBodyBytes = int.MaxValue;
            HeaderBytes = int.MaxValue;
            _trailer = new byte[1_000];
        }

        public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
        {
            frame = default;
            return FrameStatus.Incomplete;
        }

        public void WriteHeader(Span<byte> header, int bodyBytes) => throw new InvalidOperationException("broken");
    }
}
