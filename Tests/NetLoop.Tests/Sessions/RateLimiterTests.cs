using NUnit.Framework;
using NetLoop.Sessions.Limits;

namespace NetLoop.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
public sealed class RateLimiterTests
{
    private const long Second = 1_000_000_000;

    [Test]
    public void TryTakeBody_MessagesWithoutABurst_AreTwoSecondsWorthAtOnce()
    {
        var limiter = new RateLimiter(new RateLimitOptions { MessagesPerSecond = 5 }, now: 0, stalled: 0);
        Assert.That(TakeAll(limiter, bytes: 1_000_000, now: 0), Is.EqualTo(10), "however many bytes they have");
        Assert.That(TakeAll(limiter, 1, now: Second), Is.EqualTo(5));
        Assert.That(TakeAll(limiter, 1, now: 2 * Second), Is.EqualTo(5), "the second time as the first");
        Assert.That(TakeAll(limiter, 1, now: 100 * Second), Is.EqualTo(10), "no more than the burst");
    }

    [Test]
    public void TryTakeBody_MessageBurst_IsWhatFitsAtOnce()
    {
        var limiter = new RateLimiter(new RateLimitOptions { MessagesPerSecond = 5, MessageBurst = 3 }, 0, 0);
        Assert.That(TakeAll(limiter, 1, now: 0), Is.EqualTo(3));
        Assert.That(TakeAll(limiter, 1, now: 10 * Second), Is.EqualTo(3));
    }

    [Test]
    public void TryTakeBody_BytesWithoutABurst_AreTwoSecondsWorthAndADebt()
    {
        var limiter = new RateLimiter(new RateLimitOptions { BytesPerSecond = 100 }, 0, 0);
        Assert.That(limiter.TryTakeBody(150, 0, 0), Is.True);
        Assert.That(limiter.TryTakeBody(150, 0, 0), Is.True, "50 were left: 100 are owed");
        Assert.That(limiter.TryTakeBody(1, Second, 0), Is.False, "paid back, and nothing more");
        Assert.That(limiter.TryTakeBody(1, Second + 20_000_000, 0), Is.True);
    }

    [Test]
    public void TryTakeBody_ByteBurst_IsWhatFitsAtOnce()
    {
        var limiter = new RateLimiter(new RateLimitOptions { BytesPerSecond = 100, ByteBurst = 10 }, 0, 0);
        Assert.That(TakeAll(limiter, bytes: 5, now: 0), Is.EqualTo(2));
        Assert.That(TakeAll(limiter, bytes: 5, now: 10 * Second), Is.EqualTo(2));
    }

    [Test]
    public void TryTakeBody_BothLimits_TheNearerOneHolds()
    {
        var many = new RateLimiter(new RateLimitOptions { MessagesPerSecond = 2, BytesPerSecond = 1_000 }, 0, 0);
        Assert.That(TakeAll(many, bytes: 1, now: 0), Is.EqualTo(4));
        var large = new RateLimiter(new RateLimitOptions { MessagesPerSecond = 1_000, BytesPerSecond = 10 }, 0, 0);
        Assert.That(TakeAll(large, bytes: 10, now: 0), Is.EqualTo(2));
    }

    [Test]
    public void TryTakeBody_NoLimit_TakesAnything()
    {
        var limiter = new RateLimiter(new RateLimitOptions { MessageBurst = 1, ByteBurst = 1 }, 0, 0);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.That(limiter.TryTakeBody(1_000_000, 0, 0), Is.True);
        }
    }

    [Test]
    public void TryTakeBody_LoopStoodStillBeforeItsTime_GivesNothing()
    {
        var limiter = new RateLimiter(new RateLimitOptions { MessagesPerSecond = 5, BytesPerSecond = 50 }, now: 100 * Second, stalled: 60 * Second);
        Assert.That(TakeAll(limiter, bytes: 10, now: 100 * Second, stalled: 60 * Second), Is.EqualTo(10));
    }

    [Test]
    public void TryTakeBody_LoopStoodStill_EachLimitAllowsWhatCameMeanwhile()
    {
        var messages = new RateLimiter(new RateLimitOptions { MessagesPerSecond = 5 }, 0, 0);
        Assert.That(TakeAll(messages, 1, now: 4 * Second, stalled: 4 * Second), Is.EqualTo(10 + 20));
        Assert.That(TakeAll(messages, 1, now: 4 * Second, stalled: 4 * Second), Is.Zero, "once");
        Assert.That(TakeAll(messages, 1, now: 8 * Second, stalled: 8 * Second), Is.EqualTo(20), "and again for the next time");
        var bytes = new RateLimiter(new RateLimitOptions { BytesPerSecond = 50 }, 0, 0);
        Assert.That(TakeAll(bytes, 10, now: 4 * Second, stalled: 4 * Second), Is.EqualTo(10 + 20));
        Assert.That(TakeAll(bytes, 10, now: 4 * Second, stalled: 4 * Second), Is.Zero);
    }

    [Test]
    public void LimitsHandlerTime_IsWhatTheOptionsSay()
    {
        Assert.That(new RateLimiter(new RateLimitOptions { MessagesPerSecond = 1 }, 0, 0).LimitsHandlerTime, Is.False);
        Assert.That(new RateLimiter(new RateLimitOptions { HandlerTimePerSecond = TimeSpan.FromTicks(1) }, 0, 0).LimitsHandlerTime, Is.True);
    }

    [Test]
    public void TryTakeHandlerTime_MoreThanASecondHas_WaitsUntilItIsPaidBack()
    {
        const long Millisecond = 1_000_000;
        var limiter = new RateLimiter(new RateLimitOptions { HandlerTimePerSecond = TimeSpan.FromMilliseconds(100) }, now: 5 * Second, stalled: 0);
        Assert.That(limiter.TryTakeHandlerTime(60 * Millisecond, 5 * Second), Is.True);
        Assert.That(limiter.TryTakeHandlerTime(60 * Millisecond, 5 * Second), Is.True, "40 ms were left");
        Assert.That(limiter.TryTakeHandlerTime(Millisecond, 5 * Second), Is.False);
        Assert.That(limiter.TryTakeHandlerTime(Millisecond, (5 * Second) + (190 * Millisecond)), Is.False, "19 of 20 ms are paid back");
        Assert.That(limiter.TryTakeHandlerTime(5 * Millisecond, (5 * Second) + (210 * Millisecond)), Is.True);
        Assert.That(limiter.TryTakeHandlerTime(150 * Millisecond, 100 * Second), Is.True, "full again");
        Assert.That(limiter.TryTakeHandlerTime(Millisecond, 100 * Second), Is.False, "and not fuller than a second's worth");
    }

    private static int TakeAll(RateLimiter limiter, int bytes, long now, long stalled = 0)
    {
        int taken = 0;
        while (taken < 1_000 && limiter.TryTakeBody(bytes, now, stalled))
        {
            taken++;
        }

        return taken;
    }
}
