using NetLoop.Demo.Relay;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Relay;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable]
public sealed class RelayPathTests
{
    private const int Packets = 100_000;
    private const long Millisecond = 1_000_000;

    private readonly RelayCounters _counters = new();
    private readonly RelayPath _path;

    public RelayPathTests() => _path = new RelayPath(new Random(7), _counters);

    [Test]
    public void Plan_PerfectNetwork_PassesEverythingOnAtOnce()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.That(_path.Plan(NetworkConditions.Perfect, 1_200, now: i, out long first, out _), Is.EqualTo(1));
            Assert.That(first, Is.EqualTo(i));
        }

        Assert.That((_counters.Received, _counters.Lost, _counters.Duplicated), Is.EqualTo((100, 0, 0)));
    }

    [TestCase(0.05, 1)]
    [TestCase(0.25, 1)]
    [TestCase(0.05, 4)]
    [TestCase(0.25, 10)]
    [TestCase(0.5, 3)]
    public void Plan_Loss_HasTheShareAndTheMeanLengthOfItsBursts(double loss, int burst)
    {
        var conditions = new NetworkConditions { Loss = loss, LossBurst = burst };
        int bursts = 0;
        bool wasLost = false;
        for (int i = 0; i < Packets; i++)
        {
            bool isLost = _path.Plan(conditions, 100, i, out _, out _) == 0;
            bursts += isLost && !wasLost ? 1 : 0;
            wasLost = isLost;
        }

        Assert.That(_counters.Lost / (double)Packets, Is.EqualTo(loss).Within(loss * 0.1));
        double independent = 1 / (1 - loss); // Losses that do not depend on each other come in rows too.
        Assert.That(_counters.Lost / (double)bursts, Is.EqualTo(burst == 1 ? independent : burst).Within(burst * 0.1));
    }

    [Test]
    public void Plan_EverythingIsLost_NothingArrives()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Assert.That(_path.Plan(new NetworkConditions { Loss = 1, LossBurst = 5 }, 100, i, out _, out _), Is.Zero);
        }
    }

    [Test]
    public void Plan_DuplicationAndReordering_HaveTheirShares()
    {
        var conditions = new NetworkConditions { Duplication = 0.1, Reordering = 0.2 };
        int twice = 0;
        int heldBack = 0;
        for (int i = 0; i < Packets; i++)
        {
            twice += _path.Plan(conditions, 100, i, out long first, out _) == 2 ? 1 : 0;
            heldBack += first == i + (20 * Millisecond) ? 1 : 0;
        }

        Assert.That(twice / (double)Packets, Is.EqualTo(0.1).Within(0.01));
        Assert.That(heldBack / (double)Packets, Is.EqualTo(0.2).Within(0.01));
        Assert.That((_counters.Duplicated, _counters.Reordered), Is.EqualTo((twice, heldBack)));
    }

    [TestCase(50, 10, 40, 60)]
    [TestCase(5, 20, 0, 25)]
    public void Plan_LatencyAndJitter_StayInTheirRange(int latency, int jitter, int least, int most)
    {
        var conditions = new NetworkConditions { Latency = TimeSpan.FromMilliseconds(latency), Jitter = TimeSpan.FromMilliseconds(jitter) };
        List<double> delays = [];
        for (int i = 0; i < Packets; i++)
        {
            _path.Plan(conditions, 100, i, out long first, out _);
            delays.Add((first - i) / (double)Millisecond);
        }

        Assert.That(delays, Has.All.InRange(least, most));
        Assert.That(delays.Min(), Is.EqualTo(least).Within(1));
        Assert.That(delays.Max(), Is.EqualTo(most).Within(1));
    }

    [Test]
    public void Plan_LimitedRate_SpacesPacketsAndDropsWhatTheQueueCannotHold()
    {
        // A packet of 972 bytes has 1,000 with its headers: ten milliseconds each at 100 kB/s.
        var conditions = new NetworkConditions { BytesPerSecond = 100_000, QueueBytes = 5_000 };
        List<long> arrivals = [];
        for (int i = 0; i < 20; i++)
        {
            if (_path.Plan(conditions, 972, now: 0, out long first, out _) == 1)
            {
                arrivals.Add(first);
            }
        }

        Assert.That(arrivals, Is.EqualTo(Enumerable.Range(1, 5).Select(i => i * 10 * Millisecond)));
        Assert.That(_counters.Overflowed, Is.EqualTo(15));
        Assert.That(_path.Plan(conditions, 972, now: 50 * Millisecond, out long later, out _), Is.EqualTo(1), "the queue is empty again");
        Assert.That(later, Is.EqualTo(60 * Millisecond));
    }

    [Test]
    public void Plan_SameSeed_DecidesTheSame()
    {
        var conditions = new NetworkConditions { Loss = 0.3, Duplication = 0.3, Reordering = 0.3, Jitter = TimeSpan.FromMilliseconds(5) };
        var again = new RelayPath(new Random(7), new RelayCounters());
        for (int i = 0; i < 1_000; i++)
        {
            int times = _path.Plan(conditions, 100, i, out long first, out long copy);
            Assert.That((again.Plan(conditions, 100, i, out long otherFirst, out long otherCopy), otherFirst, otherCopy), Is.EqualTo((times, first, copy)));
        }
    }
}
