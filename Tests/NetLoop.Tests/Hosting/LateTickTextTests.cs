using NetLoop.Diagnostics;
using NetLoop.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>The text about a late tick, at each boundary between two causes.</summary>
[Parallelizable]
public sealed class LateTickTextTests
{
    private const long Ms = 1_000_000;

    private static readonly LateTick Late = new() { Tick = 7, Lateness = 20 * Ms, Skipped = 0, Phase = LoopPhase.Handle, PhaseTime = 30 * Ms };

    [TestCase(10.0, "The garbage collector paused the process for 10.0 ms.")]
    [TestCase(9.9999, "Phase Handle took 30.0 ms.")]
    public void ToString_GarbageCollection_IsTheCauseFromHalfOfTheTimeOn(double collected, string text) =>
        Assert.That((Late with { Process = Times(collected, 20) }).ToString(), Is.EqualTo(text));

    [TestCase(10.0, "Phase Receive took 30.0 ms.")]
    [TestCase(9.9999, "Phase Receive took 30.0 ms. The process used only 10.0 ms of processor time meanwhile: it waited, or the system did not run it.")]
    public void ToString_Processor_IsMissingBelowHalfOfTheTime(double used, string text) =>
        Assert.That((Late with { Phase = LoopPhase.Receive, Process = Times(0, used) }).ToString(), Is.EqualTo(text));

    [Test]
    public void ToString_Wait_BlamesTheSystemWhateverItUsed() =>
        Assert.That(
            (Late with { Phase = LoopPhase.Wait, Process = Times(0, 1) }).ToString(),
            Does.StartWith("The system did not run the loop in time").And.EndsWith("suspended."));

    [Test]
    public void ToString_Tick_NamesTheOneBefore() =>
        Assert.That((Late with { Phase = LoopPhase.Tick }).ToString(), Is.EqualTo("The previous tick took 30.0 ms."));

    [TestCase(10 * Ms, 0, "The handler of Say took 15.0 ms in 3 calls.")]
    [TestCase(10 * Ms, 10 * Ms, "The handler of Say took 15.0 ms in 3 calls.")]
    [TestCase((10 * Ms) - 1, 10 * Ms, "Phase Handle took 30.0 ms, most of it for posted actions and sends of other threads.")]
    [TestCase((10 * Ms) - 1, (10 * Ms) - 1, "Phase Handle took 30.0 ms; slowest handler: Say, 15.0 ms in 3 calls.")]
    public void ToString_Handle_NamesWhoHadHalfOfTheTime(long overdue, long requested, string text) =>
        Assert.That(
            (Late with { Handler = "Say", HandlerTime = 15 * Ms, HandlerCalls = 3, HandlerOverdue = overdue, RequestedWork = requested }).ToString(),
            Is.EqualTo(text));

    [TestCase(1, " in 1 call.")]
    [TestCase(2, " in 2 calls.")]
    public void ToString_Calls_AreCountedInPlainWords(int calls, string end)
    {
        LateTick slowest = Late with { Handler = "Say", HandlerTime = 15 * Ms, HandlerCalls = calls };
        Assert.That(slowest.ToString(), Does.EndWith(end));
        Assert.That((slowest with { HandlerOverdue = 20 * Ms }).ToString(), Does.EndWith(end));
    }

    [TestCase(0, "Phase Flush took 30.0 ms.")]
    [TestCase(1, "Phase Flush took 30.0 ms. 1 tick was skipped.")]
    [TestCase(2, "Phase Flush took 30.0 ms. 2 ticks were skipped.")]
    public void ToString_Skipped_AreCountedInPlainWords(long skipped, string text) =>
        Assert.That((Late with { Phase = LoopPhase.Flush, Skipped = skipped }).ToString(), Is.EqualTo(text));

    [Test]
    public void ToString_Suppressed_NamesTheWorstOnlyIfItWasWorse()
    {
        LateTick worst = Late with { Phase = LoopPhase.Flush };
        Assert.That(new SuppressedTicks(0, worst, 0).ToString(), Is.Empty);
        Assert.That(new SuppressedTicks(1, worst, 20 * Ms).ToString(), Is.EqualTo(" (1 similar message suppressed)"));
        Assert.That(
            new SuppressedTicks(2, worst, (20 * Ms) - 1).ToString(),
            Is.EqualTo(" (2 similar messages suppressed; the worst: tick 7 started 20.0 ms late. Phase Flush took 30.0 ms.)"));
    }

    private static ProcessTimes Times(double collected, double used) => new(TimeSpan.FromMilliseconds(collected), TimeSpan.FromMilliseconds(used));
}
