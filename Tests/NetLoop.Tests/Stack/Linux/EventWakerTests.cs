using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[Platform("Linux")]
public sealed class EventWakerTests
{
    [Test]
    public void Wake_ManyTimes_IsReadableUntilItIsDrained()
    {
        using var waker = new EventWaker();
        Assert.That(IsReadable(waker), Is.False);
        for (int round = 0; round < 3; round++)
        {
            waker.Wake();
            waker.Wake();
            waker.Wake();
            Assert.That(IsReadable(waker), Is.True);
            waker.Drain();
            Assert.That(IsReadable(waker), Is.False);
        }
    }

    [Test]
    public void Drain_WithoutAWake_ReturnsAtOnce()
    {
        using var waker = new EventWaker();
        waker.Drain();
        waker.Wake();
        Assert.That(IsReadable(waker), Is.True);
    }

    [Test]
    public void Wake_AfterDispose_TouchesNobodyElse()
    {
        var waker = new EventWaker();
        waker.Dispose();
        using var next = new EventWaker();
        waker.Wake();
        waker.Wake();
        Assert.That(IsReadable(next), Is.False);
    }

    private static unsafe bool IsReadable(EventWaker waker)
    {
        PollDescriptor poll = new() { Descriptor = waker.Descriptor, Events = 1 };
        TimeSpec now = new(0);
        return Libc.PPoll(&poll, 1, &now, null) == 1;
    }
}
