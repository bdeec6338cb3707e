using NetLoop.Stack.Linux;
using NetLoop.Tests.Contracts;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

/// <summary>The poller on kernels without epoll_pwait2.</summary>
[TestFixture]
[Platform("Linux", Reason = "epoll is of Linux.")]
public sealed class EpollPollerTests : PollerContract
{
    protected override PollerKind Kind => PollerKind.Epoll;

    [TestCase(-1, -1)]
    [TestCase(long.MinValue, -1)]
    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(1_000_000, 1)]
    [TestCase(1_000_001, 2)]
    [TestCase(long.MaxValue, int.MaxValue)]
    public void RoundUpToMilliseconds_Nanoseconds_AreNeverCutShort(long nanoseconds, int milliseconds) =>
        Assert.That(EpollPoller.RoundUpToMilliseconds(nanoseconds), Is.EqualTo(milliseconds));

    protected override INetworkStack CreateStack() => new LinuxStack();

    protected override IPoller CreatePoller() => new EpollPoller(hasNanosecondWait: false);
}
