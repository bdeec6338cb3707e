using NetLoop.Demo.Page;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
public sealed class PhaseCounterTests
{
    [Test]
    public void Next_Samples_AreSharesOfTheTimeBetweenThem()
    {
        var counter = new PhaseCounter();
        counter.Next(At(wait: 900, tick: 100));

        PhaseFractions phases = counter.Next(At(wait: 1_200, tick: 200));

        Assert.That(phases.Wait, Is.EqualTo(0.75f));
        Assert.That(phases.Tick, Is.EqualTo(0.25f));
        Assert.That(phases.Flush, Is.Zero);
        Assert.That(counter.Next(At(wait: 1_200, tick: 200)), Is.EqualTo(default(PhaseFractions)), "no iteration ended meanwhile");
    }

    private static LoopStatistics At(int wait, int tick)
    {
        var times = Enum.GetValues<LoopPhase>().ToDictionary(phase => phase, _ => TimeSpan.Zero);
        times[LoopPhase.Wait] = TimeSpan.FromMilliseconds(wait);
        times[LoopPhase.Tick] = TimeSpan.FromMilliseconds(tick);
        return new LoopStatistics
        {
            TickTime = new LatencyHistogram(),
            TickLateness = new LatencyHistogram(),
            PhaseTimes = times,
            ClosedByReason = new Dictionary<CloseReason, long>(),
        };
    }
}
