using NetLoop.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Diagnostics;

[Parallelizable(ParallelScope.All)]
public sealed class PhaseClockTests
{
    [Test]
    public void End_SeveralIterations_AddsUpEachPhaseAndTheTimeBetweenThem()
    {
        var clock = new PhaseClock();
        clock.Begin(0);
        Assert.That(clock.Totals.ToArray(), Is.All.Zero, "nothing was before the first iteration");
        clock.End(LoopPhase.Clock, 10);
        clock.End(LoopPhase.Close, 50);
        Assert.That(clock.Mark, Is.EqualTo(50));
        clock.Begin(57);
        clock.End(LoopPhase.Close, 60);
        clock.Begin(61);
        Assert.That(clock.Totals.ToArray(), Is.EqualTo(new long[] { 10, 8, 0, 0, 0, 0, 0, 0, 43 }));
    }

    [Test]
    public void Begin_IterationThatBeganAtZero_IsFollowedByAWait()
    {
        var clock = new PhaseClock();
        clock.Begin(0);
        clock.Begin(5);
        Assert.That(clock.Totals[(int)LoopPhase.Wait], Is.EqualTo(5));
    }

    [Test]
    public void FindCulprit_SeveralPhases_IsThatWithMostOfTheTimeAfterTheDueTime()
    {
        PhaseClock clock = BeginAt(0, due: 100);
        clock.End(LoopPhase.Receive, 90);
        Expect(clock, LoopPhase.Wait, overdue: 0, longest: 0);
        clock.End(LoopPhase.Handle, 130);
        Expect(clock, LoopPhase.Handle, overdue: 30, longest: 40);
        clock.End(LoopPhase.Close, 165);
        Expect(clock, LoopPhase.Close, overdue: 35, longest: 35);
        clock.End(LoopPhase.Handle, 175);
        Expect(clock, LoopPhase.Handle, overdue: 40, longest: 40);
        clock.End(LoopPhase.Clock, 220);
        Expect(clock, LoopPhase.Clock, overdue: 45, longest: 45);
    }

    [Test]
    public void FindCulprit_TwoPhasesAsLong_IsTheFirst()
    {
        PhaseClock clock = BeginAt(0, due: 100);
        clock.End(LoopPhase.Wait, 100);
        clock.End(LoopPhase.Handle, 120);
        clock.End(LoopPhase.Flush, 140);
        Expect(clock, LoopPhase.Handle, overdue: 20, longest: 20);
    }

    [Test]
    public void End_AtTheDueTime_MakesNothingLate()
    {
        PhaseClock clock = BeginAt(0, due: 100);
        clock.End(LoopPhase.Receive, 100);
        Expect(clock, LoopPhase.Wait, overdue: 0, longest: 0);
        clock.End(LoopPhase.Receive, 101);
        Expect(clock, LoopPhase.Receive, overdue: 1, longest: 1);
    }

    [Test]
    public void EndRequestedWork_PartlyAfterTheDueTime_CountsThatPart()
    {
        PhaseClock clock = BeginAt(50, due: 100);
        clock.EndRequestedWork(100);
        Assert.That(clock.RequestedWork, Is.Zero);
        clock.EndRequestedWork(130);
        Assert.That(clock.RequestedWork, Is.EqualTo(30));
        clock.End(LoopPhase.Handle, 140);
        clock.EndRequestedWork(145);
        Assert.That(clock.RequestedWork, Is.EqualTo(35), "of both phases");
        Expect(clock, LoopPhase.Handle, overdue: 40, longest: 90);
    }

    [Test]
    public void Watch_NextTick_ForgetsWhatMadeTheLastOneLate()
    {
        PhaseClock clock = BeginAt(0, due: 100);
        clock.EndRequestedWork(150);
        clock.End(LoopPhase.Handle, 150);
        clock.Watch(due: 200);
        Assert.That(clock.RequestedWork, Is.Zero);
        Expect(clock, LoopPhase.Wait, overdue: 0, longest: 0);
        clock.EndRequestedWork(190);
        clock.End(LoopPhase.Handle, 190);
        Assert.That(clock.RequestedWork, Is.Zero);
        Expect(clock, LoopPhase.Wait, overdue: 0, longest: 0);
        clock.End(LoopPhase.Timers, 210);
        Expect(clock, LoopPhase.Timers, overdue: 10, longest: 20);
        Assert.That(clock.Totals[(int)LoopPhase.Handle], Is.EqualTo(190), "totals go on");
        clock.End(LoopPhase.Handle, 250);
        Expect(clock, LoopPhase.Handle, overdue: 40, longest: 40);
    }

    private static PhaseClock BeginAt(long now, long due)
    {
        var clock = new PhaseClock();
        clock.Begin(now);
        clock.Watch(due);
        return clock;
    }

    private static void Expect(PhaseClock clock, LoopPhase phase, long overdue, long longest)
    {
        LoopPhase culprit = clock.FindCulprit(out long foundOverdue, out long foundLongest);
        Assert.That((culprit, foundOverdue, foundLongest), Is.EqualTo((phase, overdue, longest)));
    }
}
