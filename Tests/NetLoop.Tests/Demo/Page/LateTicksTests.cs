using NetLoop.Demo.Page;
using NetLoop.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LateTicksTests
{
    private readonly HappeningBoard _board;
    private readonly LateTicks _ticks;
    private long _now;

    public LateTicksTests()
    {
        _board = new HappeningBoard(() => _now, static _ => { });
        _ticks = new LateTicks(_board, tickRate: 60);
    }

    private string[] Lines => [.. _board.ToList().Select(line => line.Text)];

    [Test]
    public void Tell_OneTick_SaysHowLateAndWhy()
    {
        _ticks.Tell(93.4, "The handler of PauseLoop took 100.1 ms in 1 call.", default);

        Happening line = _board.ToList().Single();
        Assert.That(line.Text, Is.EqualTo("A tick started 93 ms late. The handler of PauseLoop took 100.1 ms in 1 call."));
        Assert.That(line.LateMilliseconds, Is.EqualTo(93.4f));
    }

    [Test]
    public void Tell_MoreOfThemSoon_IsOneLineAboutTheWorst()
    {
        _ticks.Tell(300, "A cause.", default);
        _now += 9_000;
        _ticks.Tell(40, "Another cause.", new SuppressedTicks(3, Late(50), 40_000_000));

        Assert.That(Lines, Is.EqualTo(new[] { "A tick started 300 ms late. A cause. 4 other ticks were late." }));
        _now += 2_000;
        _ticks.Tell(20, "A cause.", default);
        Assert.That(Lines, Has.Length.EqualTo(2));
        Assert.That(_board.WorstLateness, Is.EqualTo(300));
    }

    [Test]
    public void Check_LaterThanAnyLogged_IsToldAtOnceAndItsCauseWhenItIsKnown()
    {
        _ticks.Tell(300, "A cause.", default);
        _ticks.Check(301);
        Assert.That(Lines, Is.EqualTo(new[] { "A tick started 300 ms late. A cause." }), "told already");

        _ticks.Check(996);
        Assert.That(Lines.Single(), Does.StartWith("A tick started 996 ms late. The engine logs one late tick in 5 s"));

        _now += 60_000;
        _ticks.Tell(40, "Another cause.", new SuppressedTicks(3, Late(990), 40_000_000));
        Assert.That(Lines.Single(), Is.EqualTo("A tick started 996 ms late. The previous tick took 990.0 ms. 4 other ticks were late."));
        Assert.That(_board.ToList().Single().LateMilliseconds, Is.EqualTo(996));
        Assert.That(_board.WorstLateness, Is.EqualTo(996));
    }

    [Test]
    public void Tell_WorseOneWasNotLogged_IsAboutThat()
    {
        _ticks.Tell(40, "A cause.", new SuppressedTicks(1, Late(500), 40_000_000));

        Assert.That(Lines.Single(), Is.EqualTo("A tick started 500 ms late. The previous tick took 500.0 ms. Another tick was late."));
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
