using NetLoop.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Diagnostics;

public sealed class LogLimiterTests
{
    private const long Second = 1_000_000_000;

    [Test]
    public void TryEnter_FirstLine_IsWritten()
    {
        LogLimiter limiter = default;
        Assert.That(limiter.TryEnter(0, out long suppressed), Is.True);
        Assert.That(suppressed, Is.Zero);
    }

    [Test]
    public void TryEnter_WithinFiveSeconds_IsSuppressedAndCounted()
    {
        LogLimiter limiter = default;
        limiter.TryEnter(Second, out _);
        Assert.That(limiter.TryEnter(Second, out _), Is.False);
        Assert.That(limiter.TryEnter((6 * Second) - 1, out _), Is.False);
        Assert.That(limiter.TryEnter(6 * Second, out long suppressed), Is.True);
        Assert.That(suppressed, Is.EqualTo(2));
        Assert.That(limiter.TryEnter(11 * Second, out suppressed), Is.True);
        Assert.That(suppressed, Is.Zero, "counted once");
    }

    [Test]
    public void TryEnter_MuchWorseThanTheLastWritten_DoesNotWait()
    {
        LogLimiter limiter = default;
        Assert.That(limiter.TryEnter(0, magnitude: 9, out _), Is.True);
        Assert.That(limiter.TryEnter(1, magnitude: 20, out _), Is.False);
        Assert.That(limiter.TryEnter(2, magnitude: 400, out long suppressed), Is.True);
        Assert.That(suppressed, Is.EqualTo(1));
        Assert.That(limiter.TryEnter(3, magnitude: 401, out _), Is.False);
    }

    [Test]
    public void TryEnter_SeveralThreads_OneLineAndEveryOtherCounted()
    {
        const int Calls = 1000;
        LogLimiter limiter = default;
        int written = 0;
        Parallel.For(0, Calls, _ =>
        {
            if (limiter.TryEnter(Second, out _))
            {
                Interlocked.Increment(ref written);
            }
        });
        Assert.That(written, Is.EqualTo(1));
        limiter.TryEnter(7 * Second, out long suppressed);
        Assert.That(suppressed, Is.EqualTo(Calls - 1));
    }

    [Test]
    public void TryEnter_AMinuteOfStorm_WritesTwelveLines()
    {
        LogLimiter limiter = default;
        int written = 0;
        for (long now = 0; now < 60 * Second; now += Second / 1000)
        {
            written += limiter.TryEnter(now, out _) ? 1 : 0;
        }

        Assert.That(written, Is.EqualTo(12));
    }

    [TestCase(36, true)]
    [TestCase(35, false)]
    public void TryEnter_FourTimesAsBad_DoesNotWait(long magnitude, bool isWritten)
    {
        LogLimiter limiter = default;
        Assert.That(limiter.TryEnter(0, magnitude: 9, out _), Is.True);
        Assert.That(limiter.TryEnter(1, magnitude, out _), Is.EqualTo(isWritten));
    }
}
