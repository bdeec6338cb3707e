using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Streams;

[Parallelizable]
public sealed class SendBacklogTests
{
    [Test]
    public void Blocked_Again_KeepsItsBeginningAndCountsProgress()
    {
        var backlog = new SendBacklog();
        backlog.Blocked(now: 100, sentBytes: 10);
        backlog.Blocked(now: 200, sentBytes: 0);
        Assert.That((backlog.Since, backlog.LastProgress, backlog.SentBytes), Is.EqualTo((100L, 100L, 10L)));
        backlog.Progressed(now: 300, sentBytes: 5);
        Assert.That((backlog.Since, backlog.LastProgress, backlog.SentBytes), Is.EqualTo((100L, 300L, 15L)));
    }

    [Test]
    public void Progressed_OneByte_IsProgressAndNoneIsNot()
    {
        var backlog = new SendBacklog();
        backlog.Blocked(now: 100, sentBytes: 0);
        backlog.Progressed(now: 200, sentBytes: 0);
        Assert.That((backlog.LastProgress, backlog.SentBytes), Is.EqualTo((100L, 0L)));
        backlog.Progressed(now: 300, sentBytes: 1);
        Assert.That((backlog.LastProgress, backlog.SentBytes), Is.EqualTo((300L, 1L)));
    }

    [Test]
    public void IsTooSlow_StalledForTheLimit_ButNotBefore()
    {
        StreamLimits limits = new(1_000, 10, DialTimeout: 1, CloseTimeout: 1) { MaxStall = 1_000 };
        var backlog = new SendBacklog();
        backlog.Blocked(now: 100, sentBytes: 0);
        Assert.That(backlog.NextLook(now: 100, limits), Is.EqualTo(1_100));
        Assert.That(backlog.IsTooSlow(now: 1_099, queuedBytes: 1, limits), Is.False);
        Assert.That(backlog.IsTooSlow(now: 1_100, queuedBytes: 1, limits), Is.True);
        backlog.Progressed(now: 1_100, sentBytes: 1);
        Assert.That(backlog.IsTooSlow(now: 2_099, queuedBytes: 1, limits), Is.False);
    }

    [Test]
    public void IsTooSlow_MoreThanMayWait_CountsFromWhenItWasSeenFirst()
    {
        StreamLimits limits = new(1_000, 10, DialTimeout: 1, CloseTimeout: 1) { MaxBacklogBytes = 50, MaxBacklogTime = 1_000 };
        var backlog = new SendBacklog();
        backlog.Blocked(now: 100, sentBytes: 0);
        Assert.That(backlog.NextLook(now: 100, limits), Is.EqualTo(300), "a fifth of the limit");
        Assert.That(backlog.IsTooSlow(now: 200, queuedBytes: 51, limits), Is.False);
        Assert.That(backlog.IsTooSlow(now: 300, queuedBytes: 50, limits), Is.False, "as much may wait");
        Assert.That(backlog.IsTooSlow(now: 400, queuedBytes: 51, limits), Is.False);
        Assert.That(backlog.OverLimitSince, Is.EqualTo(400));
        Assert.That(backlog.IsTooSlow(now: 1_399, queuedBytes: 51, limits), Is.False);
        Assert.That(backlog.IsTooSlow(now: 1_400, queuedBytes: 51, limits), Is.True);
    }

    [TestCase(240 * 10, false)]
    [TestCase((240 * 10) - 1, true)]
    public void IsTooSlow_LessThan240BytesASecond_IsHostile(int sentBytes, bool isTooSlow)
    {
        const long Second = 1_000_000_000;
        StreamLimits limits = new(1_000, 10, DialTimeout: 1, CloseTimeout: 1) { MaxBacklogTime = 5 * Second };
        var backlog = new SendBacklog();
        backlog.Blocked(now: Second, sentBytes: 0);
        backlog.Progressed(now: 2 * Second, sentBytes);
        Assert.That(backlog.IsTooSlow(now: 11 * Second, queuedBytes: 1, limits), Is.EqualTo(isTooSlow));
        Assert.That(new SendBacklog().IsTooSlow(now: 4 * Second, queuedBytes: 1, limits), Is.False, "not before the limit of time");
    }

    [Test]
    public void Clear_ThenBlocked_BeginsAnew()
    {
        var backlog = new SendBacklog();
        backlog.Blocked(now: 100, sentBytes: 10);
        backlog.Clear();
        Assert.That(backlog.IsBlocked, Is.False);
        backlog.Blocked(now: 500, sentBytes: 0);
        Assert.That((backlog.IsBlocked, backlog.Since, backlog.LastProgress, backlog.SentBytes), Is.EqualTo((true, 500L, 500L, 0L)));
    }
}
