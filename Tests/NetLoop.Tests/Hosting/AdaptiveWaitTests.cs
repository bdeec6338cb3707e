using NUnit.Framework;
using NetLoop.Buffers;
using NetLoop.Hosting.Loop;
using NetLoop.Time;
using NetLoop.Transports;
using NetLoop.Transports.Streams;

namespace NetLoop.Tests.Hosting;

/// <summary>Waits on a clock that only the waits advance, so that lateness and empty polls are counted exactly.</summary>
public sealed class AdaptiveWaitTests
{
    private const int TickRate = 60;
    private const long Microsecond = 1_000;
    private const long Step = LoopClock.NanosecondsPerSecond / TickRate;

    private ManualTimeProvider _time = null!;
    private ScriptedPoller _poller = null!;
    private ConnectionSet _transport = null!;
    private ReadyEvent[] _events = null!;

    [SetUp]
    public void CreatePoller()
    {
        _time = new ManualTimeProvider();
        _poller = new ScriptedPoller(_time) { Lateness = TimeSpan.FromMicroseconds(150) };
        _events = new ReadyEvent[8];
        _transport = new ConnectionSet(
            NetworkStack.CreateDefault(PollerKind.Auto), _poller, new LoopClock(_time), new TimerQueue(), new BufferPool(), new LoopCounters());
    }

    [Test]
    public void Wait_Saving_SleepsUntilTheTickAndIsAsLateAsTheSystem()
    {
        AdaptiveWait wait = Create(TickPrecision.Saving);

        Assert.That(WaitForTick(wait), Is.EqualTo(150 * Microsecond).Within(100));
        Assert.That((_poller.Sleeps, _poller.Looks), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Wait_Precise_IsNotLateAndLooksForAtMostAThirtiethOfTheTime()
    {
        AdaptiveWait wait = Create(TickPrecision.Always);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.That(WaitForTick(wait), Is.LessThanOrEqualTo(2 * Microsecond), $"tick {i}");
        }

        Assert.That(_poller.Looks * Microsecond, Is.LessThan(1_000 * Step / 30));
    }

    [Test]
    public void Wait_SystemWakesWithinMicroseconds_LearnsToLookForHardlyAny()
    {
        _poller.Lateness = TimeSpan.FromMicroseconds(5);
        AdaptiveWait wait = Create(TickPrecision.Always);
        for (int i = 0; i < 1_000; i++)
        {
            WaitForTick(wait);
        }

        int before = _poller.Looks;
        for (int i = 0; i < 1_000; i++)
        {
            WaitForTick(wait);
        }

        Assert.That(_poller.Looks - before, Is.LessThan(1_000 * 120), "a tick's share in microseconds");
    }

    [Test]
    public void Wait_SystemWakesLateNowAndThen_LooksNoLongerThanItsShare()
    {
        AdaptiveWait wait = Create(TickPrecision.Always);
        int onTime = 0;
        for (int i = 0; i < 2_000; i++)
        {
            _poller.Lateness = TimeSpan.FromMicroseconds(i % 50 == 0 ? 5_000 : i % 7 == 0 ? 300 : 150);
            onTime += WaitForTick(wait) <= 2 * Microsecond ? 1 : 0;
        }

        Assert.That(onTime, Is.GreaterThan(2_000 * 97 / 100));
        Assert.That(_poller.Looks * Microsecond, Is.LessThan(2_000 * Step / 30));
    }

    [Test]
    public void Wait_WhileConnected_IsPreciseOnlyWithAConnection()
    {
        AdaptiveWait wait = Create(TickPrecision.WhileConnected);
        Assert.That(WaitForTick(wait), Is.EqualTo(150 * Microsecond).Within(100));

        _transport.Add(new StreamConnection(new StreamConnectionPool(_transport)));

        Assert.That(WaitForTick(wait), Is.LessThanOrEqualTo(2 * Microsecond));
    }

    [Test]
    public void Wait_NothingDue_SleepsWithoutLimit()
    {
        AdaptiveWait wait = Create(TickPrecision.Always);
        _poller.EventAfter = 0;

        Assert.That(wait.Wait(_events, long.MaxValue, long.MaxValue), Is.EqualTo(1));
        Assert.That((_poller.Sleeps, _poller.Looks), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Wait_TimeOfASimulation_NeverLooksTwice()
    {
        AdaptiveWait wait = Create(TickPrecision.Always, spinMicroseconds: 50, timePasses: false);
        _poller.EventAfter = 0;
        WaitForTick(wait);
        WaitForTick(wait);

        Assert.That(_poller.Looks, Is.Zero);
    }

    [Test]
    public void Wait_MoreFollowsSoon_IsFoundWithoutSleep()
    {
        AdaptiveWait wait = Create(TickPrecision.Saving, spinMicroseconds: 50);
        _poller.EventAfter = 0;
        Wait(wait);
        int sleeps = _poller.Sleeps;
        for (int i = 0; i < 100; i++)
        {
            _poller.EventAfter = 20;
            Assert.That(Wait(wait), Is.EqualTo(1));
        }

        Assert.That(_poller.Sleeps, Is.EqualTo(sleeps));
    }

    [Test]
    public void Wait_NothingFollows_LearnsToSleepAtOnce()
    {
        AdaptiveWait wait = Create(TickPrecision.Saving, spinMicroseconds: 50);
        for (int i = 0; i < 1_000; i++)
        {
            // Each sleep ends with an event, so after each there could be more.
            _poller.EventAfter = 50;
            while (Wait(wait) == 0)
            {
                // This poll finds nothing; the sleep comes next.
            }
        }

        Assert.That(_poller.Looks, Is.LessThan(1_000 * 50 / 16));
    }

    [Test]
    public void Wait_WokenWhileLooking_ReturnsAtOnce()
    {
        AdaptiveWait wait = Create(TickPrecision.Always);
        _poller.OnLook = () =>
        {
            if (_poller.Looks == 10)
            {
                _transport.Wake();
            }
        };

        Assert.That(WaitForTick(wait), Is.Negative);
        Assert.That(_poller.Looks, Is.EqualTo(10));
    }

    [Test]
    public void Wait_WokenBefore_DoesNotSleep()
    {
        AdaptiveWait wait = Create(TickPrecision.Always);
        _transport.Wake();

        Assert.That(WaitForTick(wait), Is.Negative);
        Assert.That((_poller.Sleeps, _poller.Looks), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Wait_Precise_LearnsFromEachSleepByTheSameSteps()
    {
        AdaptiveWait wait = Create(TickPrecision.Always);
        long longestLook = Step / 32;
        long lead = 200 * Microsecond;
        long usualLateness = 0;
        for (int tick = 0; tick < 3_000; tick++)
        {
            long late = Microsecond * (tick % 50 == 0 ? 5_000 : tick % 7 == 0 ? 300 : tick < 2_000 ? 150 + (37 * tick % 11) : 3);
            _poller.Lateness = TimeSpan.FromTicks(late / TimeSpan.NanosecondsPerTick);
            long asleepFor = Step - Math.Min(lead, usualLateness + longestLook);
            long lookFrom = asleepFor + late;
            long looks = Math.Max(1, (Step - lookFrom + Microsecond - 1) / Microsecond);
            int before = _poller.Looks;
            Assert.That(WaitForTick(wait), Is.EqualTo(lookFrom + (looks * Microsecond) - Step), $"tick {tick}");
            Assert.That(_poller.Looks - before, Is.EqualTo(looks), $"tick {tick}");

            usualLateness += late > usualLateness ? 2_000 : -2_000;
            lead = late > lead ? lead + 100_000 : Math.Max(0, lead - (100_000 / 199));
        }
    }

    [Test]
    public void Wait_InVain_LeavesOutTwiceAsManyLooksEachTimeUpTo63()
    {
        AdaptiveWait wait = Create(TickPrecision.Saving, spinMicroseconds: 50);
        _poller.SleepsFindAnEvent = true;
        Assert.That(LooksOfNextWait(wait), Is.Zero, "nothing came before");
        for (int round = 0; round < 2; round++)
        {
            int[] without = [1, 3, 7, 15, 31, 63, 63, 63];
            foreach (int waits in without)
            {
                Assert.That(LooksOfNextWait(wait), Is.EqualTo(50));
                for (int i = 0; i < waits; i++)
                {
                    Assert.That(LooksOfNextWait(wait), Is.Zero, $"{i} of {waits}");
                }
            }

            // An event starts it again.
            _poller.EventAfter = 20;
            Assert.That(LooksOfNextWait(wait), Is.EqualTo(21));
        }
    }

    [Test]
    public void Wait_DueWhileItLooks_EndsWithoutSleep()
    {
        AdaptiveWait wait = Create(TickPrecision.Saving, spinMicroseconds: 50);
        _poller.SleepsFindAnEvent = true;
        LooksOfNextWait(wait);
        (int sleeps, int looks) = (_poller.Sleeps, _poller.Looks);
        Assert.That(wait.Wait(_events, _transport.Clock.Refresh() + (30 * Microsecond), long.MaxValue), Is.Zero);
        Assert.That((_poller.Sleeps - sleeps, _poller.Looks - looks), Is.EqualTo((0, 30)));
    }

    [Test]
    public void Wait_TickIsNear_DoesNotSleepAtAll()
    {
        AdaptiveWait wait = Create(TickPrecision.Always);
        long due = _transport.Clock.Refresh() + (200 * Microsecond);
        wait.Wait(_events, due, due);
        Assert.That((_poller.Sleeps, _poller.Looks), Is.EqualTo((0, 200)));
        due = _transport.Clock.Refresh() + (201 * Microsecond);
        wait.Wait(_events, due, due);
        Assert.That(_poller.Sleeps, Is.EqualTo(1));
    }

    [Test]
    public void Wait_SomethingElseIsDueBeforeTheTick_SleepsUntilThen()
    {
        AdaptiveWait wait = Create(TickPrecision.Always);
        long now = _transport.Clock.Refresh();
        wait.Wait(_events, now + (500 * Microsecond), now + Step);
        Assert.That((_poller.Sleeps, _poller.Looks), Is.EqualTo((1, 0)));
        Assert.That(_transport.Clock.Refresh() - now, Is.EqualTo(650 * Microsecond));
    }

    private int LooksOfNextWait(AdaptiveWait wait)
    {
        int before = _poller.Looks;
        Assert.That(Wait(wait), Is.EqualTo(1));
        return _poller.Looks - before;
    }

    private AdaptiveWait Create(TickPrecision precision, int spinMicroseconds = 0, bool timePasses = true) => new(
        _transport,
        new EventLoopOptions { TickRate = TickRate, TickPrecision = precision, SpinTime = TimeSpan.FromMicroseconds(spinMicroseconds) },
        timePasses);

    /// <summary>Waits for a tick one step from now, and returns how late the wait ended.</summary>
    private long WaitForTick(AdaptiveWait wait)
    {
        long due = _transport.Clock.Refresh() + Step;
        wait.Wait(_events, due, due);
        return _transport.Clock.Refresh() - due;
    }

    private int Wait(AdaptiveWait wait)
    {
        _transport.Clock.Refresh();
        return wait.Wait(_events, long.MaxValue, long.MaxValue);
    }
}
