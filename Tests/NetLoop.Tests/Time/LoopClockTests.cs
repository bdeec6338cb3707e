using NetLoop.Time;
using NUnit.Framework;

namespace NetLoop.Tests.Time;

[Parallelizable]
public sealed class LoopClockTests
{
    [Test]
    public void Now_New_IsZeroWhateverTheTimestamp([Values(0, long.MaxValue, long.MinValue, 123456789)] long timestamp)
    {
        var clock = new LoopClock(new Ticks(1_000_000_000) { Timestamp = timestamp });
        Assert.That(clock.Now, Is.Zero);
        Assert.That(clock.Refresh(), Is.Zero);
    }

    [Test]
    public void ReadPrecise_TimePasses_LeavesNow()
    {
        var ticks = new Ticks(1_000_000_000);
        var clock = new LoopClock(ticks);
        ticks.Timestamp = 5;
        Assert.That(clock.ReadPrecise(), Is.EqualTo(5));
        Assert.That(clock.Now, Is.Zero);
        Assert.That(clock.Refresh(), Is.EqualTo(5));
        Assert.That(clock.Now, Is.EqualTo(5));
    }

    [Test]
    public void Refresh_TimestampGoesBack_NowStays()
    {
        var ticks = new Ticks(1_000_000_000);
        var clock = new LoopClock(ticks);
        ticks.Timestamp = 100;
        clock.Refresh();
        ticks.Timestamp = 40;
        Assert.That(clock.Refresh(), Is.EqualTo(100));
    }

    [Test]
    public void PeerTime_LoopLooksOften_IsNow()
    {
        var ticks = new Ticks(1_000_000_000);
        var clock = new LoopClock(ticks);
        for (int i = 1; i <= 10; i++)
        {
            ticks.Timestamp = i * LoopClock.LongestGap;
            clock.Refresh();
            clock.Looked(hadPeers: true);
            Assert.That(clock.PeerTime, Is.EqualTo(clock.Now));
            Assert.That(clock.LookBy, Is.GreaterThan(clock.Now).And.LessThanOrEqualTo(clock.Now + LoopClock.LongestGap));
        }
    }

    [Test]
    public void PeerTime_LongWithoutALook_GoesOnForOneGapOnly()
    {
        var ticks = new Ticks(1_000_000_000);
        var clock = new LoopClock(ticks);
        clock.Looked(hadPeers: true);
        ticks.Timestamp = 35 * LoopClock.LongestGap;
        clock.Refresh();
        Assert.That(clock.PeerTime, Is.EqualTo(LoopClock.LongestGap), "a deadline must not fire before the look either");
        clock.Looked(hadPeers: true);
        Assert.That(clock.PeerTime, Is.EqualTo(LoopClock.LongestGap));
        Assert.That(clock.StalledTime, Is.EqualTo(34 * LoopClock.LongestGap));
        Assert.That(clock.FromPeerTime(clock.PeerTime + 5), Is.EqualTo(clock.Now + 5));
        Assert.That(clock.FromPeerTime(long.MaxValue), Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void PeerTime_WaitWithoutPeers_IsNoStall()
    {
        var ticks = new Ticks(1_000_000_000);
        var clock = new LoopClock(ticks);
        clock.Looked(hadPeers: false);
        ticks.Timestamp = 35 * LoopClock.LongestGap;
        clock.Refresh();
        clock.Looked(hadPeers: false);
        Assert.That(clock.PeerTime, Is.EqualTo(clock.Now));
        Assert.That(clock.StalledTime, Is.Zero);
    }

    [Test]
    public void Refresh_TimestampWrapsAround_GoesOn()
    {
        var ticks = new Ticks(1_000_000_000) { Timestamp = long.MaxValue - 5 };
        var clock = new LoopClock(ticks);
        ticks.Timestamp = unchecked(ticks.Timestamp + 100);
        Assert.That(ticks.Timestamp, Is.Negative);
        Assert.That(clock.Refresh(), Is.EqualTo(100));
    }

    [TestCase(1_000L)]
    [TestCase(10_000_000L)]
    [TestCase(24_000_000L)]
    [TestCase(3_579_545L)]
    [TestCase(1_000_000_000L)]
    [TestCase(9_000_000_000L)]
    public void Refresh_AnyFrequency_IsExactForAHundredYears(long frequency)
    {
        var ticks = new Ticks(frequency);
        var clock = new LoopClock(ticks);
        foreach (double years in new[] { 0, 1e-12, 1e-9, 1e-4, 1, 29.3, 99.9 })
        {
            ticks.Timestamp = (long)Math.Min(years * 365.25 * 86400 * frequency, long.MaxValue);
            var exact = (long)((Int128)ticks.Timestamp * 1_000_000_000 / frequency);
            Assert.That(clock.Refresh(), Is.EqualTo(exact), $"after {years} years");
        }
    }

    private sealed class Ticks(long frequency) : TimeProvider
    {
        public long Timestamp { get; set; }

        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => Timestamp;
    }
}
