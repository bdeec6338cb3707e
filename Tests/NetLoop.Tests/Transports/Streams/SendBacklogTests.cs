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
