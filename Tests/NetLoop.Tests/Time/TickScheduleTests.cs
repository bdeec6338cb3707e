using NetLoop.Time;
using NUnit.Framework;

namespace NetLoop.Tests.Time;

[Parallelizable]
public sealed class TickScheduleTests
{
    private const long Second = 1_000_000_000;

    [Test]
    public void TakeDue_BeforeTheFirstStep_TakesNothing()
    {
        var schedule = new TickSchedule(ticksPerSecond: 50, startNs: 1000, maxCatchUp: 3);
        Assert.That(schedule.NextDue, Is.EqualTo(1000 + 20_000_000));
        Assert.That(schedule.TakeDue(schedule.NextDue - 1, out long skipped, out long lateness), Is.Zero);
        Assert.That(schedule.TakeDue(long.MinValue, out _, out _), Is.Zero, "time before the start");
        Assert.That((schedule.Tick, skipped, lateness), Is.EqualTo((0L, 0L, 0L)));
    }

    [Test]
    public void TakeDue_OnTime_TakesOne()
    {
        var schedule = new TickSchedule(50, startNs: 0, maxCatchUp: 3);
        Assert.That(schedule.TakeDue(20_000_005, out long skipped, out long lateness), Is.EqualTo(1));
        Assert.That((schedule.Tick, skipped, lateness), Is.EqualTo((1L, 0L, 5L)));
        Assert.That(schedule.NextDue, Is.EqualTo(40_000_000), "lateness does not move the next one");
    }

    [Test]
    public void TakeDue_UpToTheCatchUpLimit_SkipsNothing()
    {
        var schedule = new TickSchedule(50, startNs: 0, maxCatchUp: 3);
        Assert.That(schedule.TakeDue(3 * 20_000_000, out long skipped, out long lateness), Is.EqualTo(3));
        Assert.That((schedule.Tick, skipped, lateness), Is.EqualTo((3L, 0L, 40_000_000L)));
    }

    [TestCase((3 * 20_000_000) - 1, 2)]
    [TestCase(3 * 20_000_000, 3)]
    public void TakeDue_ANanosecondBeforeTheThird_TakesTwo(long now, int ticks)
    {
        var schedule = new TickSchedule(50, startNs: 0, maxCatchUp: 3);
        Assert.That(schedule.TakeDue(now, out long skipped, out _), Is.EqualTo(ticks));
        Assert.That((schedule.Tick, skipped, schedule.NextDue), Is.EqualTo(((long)ticks, 0L, (ticks + 1) * 20_000_000L)));
    }

    [Test]
    public void TakeDue_StallOfTwoSeconds_RunsThreeAndSkipsTheOldest()
    {
        var schedule = new TickSchedule(60, startNs: 0, maxCatchUp: 3);
        Assert.That(schedule.TakeDue(2 * Second, out long skipped, out _), Is.EqualTo(3));
        Assert.That((schedule.Tick, skipped), Is.EqualTo((120L, 117L)), "ticks 118, 119 and 120 run");
        Assert.That(schedule.TakeDue(2 * Second, out _, out _), Is.Zero);
        Assert.That(schedule.NextDue, Is.EqualTo((2 * Second) + 16_666_666));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(30)]
    [TestCase(60)]
    [TestCase(128)]
    [TestCase(999)]
    [TestCase(1000)]
    public void NextDue_AThousandHours_NeverDrifts(int rate)
    {
        const long start = 123_456_789;
        var schedule = new TickSchedule(rate, start, maxCatchUp: 1);
        var random = new Random(rate);
        long now = start;
        while (now < start + (1000 * 3600 * Second))
        {
            // Either exactly on time, one nanosecond early, or after a stall of up to an hour.
            long due = schedule.NextDue;
            Assert.That(schedule.TakeDue(due - 1, out _, out _), Is.Zero);
            now = random.Next(2) == 0 ? due : due + random.NextInt64(3600 * Second);
            long before = schedule.Tick;
            int run = schedule.TakeDue(now, out long skipped, out long lateness);

            long expectedTick = LastDueAt(now - start, rate);
            Assert.That(schedule.Tick, Is.EqualTo(expectedTick));
            Assert.That(run + skipped, Is.EqualTo(expectedTick - before));
            Assert.That(lateness, Is.EqualTo(now - due));
            Assert.That(schedule.NextDue, Is.EqualTo(start + DueOf(expectedTick + 1, rate)));
        }
    }

    [Test]
    public void NextDue_EveryTickOfAnHour_IsTheExactFraction([Values(1, 3, 60, 144)] int rate)
    {
        var schedule = new TickSchedule(rate, startNs: 0, maxCatchUp: 1);
        for (long tick = 1; tick <= 3600L * rate; tick++)
        {
            if (schedule.NextDue != DueOf(tick, rate) || schedule.TakeDue(schedule.NextDue, out _, out _) != 1 || schedule.Tick != tick)
            {
                Assert.Fail($"tick {tick} at {rate} Hz");
            }
        }
    }

    [TestCase(0, 3)]
    [TestCase(-1, 3)]
    [TestCase(1001, 3)]
    [TestCase(60, 0)]
    public void Constructor_OutOfRange_BreaksInvariant(int ticksPerSecond, int maxCatchUp)
    {
        Assert.That(() => new TickSchedule(ticksPerSecond, 0, maxCatchUp), Throws.TypeOf<InvariantViolationException>());
    }

    [TestCase(1, 1_000_000_000)]
    [TestCase(60, 16_666_666)]
    [TestCase(1000, 1_000_000)]
    public void StepNanoseconds_Rate_IsOneStep(int rate, long step)
    {
        Assert.That(new TickSchedule(rate, 0, 1).StepNanoseconds, Is.EqualTo(step));
    }

    private static long DueOf(long tick, int rate) => (long)((Int128)tick * Second / rate);

    // By definition, not by formula: the last tick whose due time has come.
    private static long LastDueAt(long elapsed, int rate)
    {
        long tick = (long)((Int128)elapsed * rate / Second) + 1;
        while (DueOf(tick, rate) > elapsed)
        {
            tick--;
        }

        return tick;
    }
}
