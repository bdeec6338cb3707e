using NetLoop.Framing;
using NUnit.Framework;

namespace NetLoop.Tests.Framing;

[Parallelizable]
public sealed class BodyBatchTests
{
    private readonly LengthPrefixFramer _framer = new(maxBodyBytes: 100);

    [Test]
    public void New_Alone_HasNothingBehindIt()
    {
        var run = new BodyBatch([1, 2]);
        Assert.That(run.First.ToArray(), Is.EqualTo([1, 2]));
        Assert.That(run.TryPeekNext(out _), Is.False);
        Assert.That(run.TakenBodies, Is.EqualTo(1));
    }

    [Test]
    public void TakeNext_EachWholeFrame_CountsItsBodyAndBytes()
    {
        BodyBatch run = Run([0, 0, 0, 1, 7, 0, 0, 0, 2, 8, 9, 0, 0, 0, 1, 5, 0, 0, 0, 9, 1]);
        Assert.That(run.First.ToArray(), Is.EqualTo([7]));
        Assert.That(run.TakenBytes, Is.EqualTo(5));

        Assert.That(run.TryPeekNext(out ReadOnlySpan<byte> second), Is.True);
        Assert.That(second.ToArray(), Is.EqualTo([8, 9]));
        run.TakeNext();
        Assert.That(run.TryPeekNext(out ReadOnlySpan<byte> third), Is.True);
        Assert.That(third.ToArray(), Is.EqualTo([5]));
        run.TakeNext();
        Assert.That(run.TryPeekNext(out _), Is.False, "the last frame is incomplete");
        Assert.That((run.TakenBodies, run.TakenBytes), Is.EqualTo((3, 16)));
    }

    [Test]
    public void TryPeekNext_NotTaken_FindsTheSameAgain()
    {
        BodyBatch run = Run([0, 0, 0, 1, 7, 0, 0, 0, 1, 8]);
        Assert.That(run.TryPeekNext(out _), Is.True);
        Assert.That(run.TryPeekNext(out ReadOnlySpan<byte> again), Is.True);
        Assert.That(again.ToArray(), Is.EqualTo([8]));
        Assert.That((run.TakenBodies, run.TakenBytes), Is.EqualTo((1, 5)));
    }

    [Test]
    public void TryPeekNext_BadFrame_IsLeftForWhenItComesFirst([Values(0, 101)] byte length)
    {
        BodyBatch run = Run([0, 0, 0, 1, 7, 0, 0, 0, length, 1, 0, 0, 0, 1, 8]);
        Assert.That(run.TryPeekNext(out _), Is.False);
        Assert.That(run.TakenBytes, Is.EqualTo(5));
    }

    private BodyBatch Run(ReadOnlySpan<byte> received)
    {
        Assert.That(_framer.TryRead(received, out FrameBounds first), Is.EqualTo(FrameStatus.Complete));
        return new BodyBatch(_framer, received, in first);
    }
}
