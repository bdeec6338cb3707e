using NetLoop.Demo.Page;
using NetLoop.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LateTicksTests
{
    private readonly HappeningBoard _board = new(static () => 0, static _ => { });
    private readonly LateTicks _ticks;

    public LateTicksTests() => _ticks = new LateTicks(_board, tickRate: 60);

    [Test]
    public void Tell_OneTick_SaysHowLateAndWhy()
    {
        _ticks.Tell(93.4, "The handler of PauseLoop took 100.1 ms in 1 call.", default);

        Happening line = _board.ToList().Single();
        Assert.That(line.Text, Is.EqualTo("A tick started 93 ms late. The handler of PauseLoop took 100.1 ms in 1 call."));
        Assert.That(line.LateMilliseconds, Is.EqualTo(93.4f));
    }

    [Test]
    public void Check_LaterThanAnyLogged_IsToldAtOnceAndItsCauseWhenItIsKnown()
    {
        _ticks.Tell(300, "A cause.", default);
        _ticks.Check(301);
        Assert.That(_board.ToList(), Has.Count.EqualTo(1), "told already");

        _ticks.Check(996);
        Assert.That(_board.ToList()[^1].Text, Does.StartWith("A tick started 996 ms late. "));

        _ticks.Tell(40, "Another cause.", new SuppressedTicks(3, Late(996), 40_000_000));
        Assert.That(
            _board.ToList().Select(line => line.Text),
            Is.EqualTo(new[]
            {
                "A tick started 300 ms late. A cause.",
                "A tick started 996 ms late. The previous tick took 996.0 ms.",
                "A tick started 40 ms late. Another cause. 3 others were late before.",
            }));
        Assert.That(_board.WorstLateness, Is.EqualTo(996));
    }

    [Test]
    public void Tell_WorseOneWasNotLogged_TellsOfItToo()
    {
        _ticks.Tell(40, "A cause.", new SuppressedTicks(1, Late(500), 40_000_000));

        Assert.That(_board.ToList()[0].Text, Does.StartWith("A tick started 500 ms late."));
        Assert.That(_board.ToList()[1].Text, Does.EndWith(" Another one was late before."));
    }

    [TestCase(0)]
    [TestCase(33)]
    public void Check_LessThanTwoSteps_IsNoEvent(float milliseconds)
    {
        _ticks.Check(milliseconds);
        Assert.That(_board.ToList(), Is.Empty);
    }

    private static LateTick Late(int milliseconds) => new()
    {
        Tick = 7,
        Lateness = milliseconds * 1_000_000L,
        Skipped = 0,
        Phase = LoopPhase.Tick,
        PhaseTime = milliseconds * 1_000_000L,
    };
}
