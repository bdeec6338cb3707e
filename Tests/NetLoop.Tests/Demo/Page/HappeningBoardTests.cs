using NetLoop.Demo.Page;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HappeningBoardTests
{
    private readonly List<Happening> _sent = [];
    private readonly HappeningBoard _board;
    private long _now;

    public HappeningBoardTests() => _board = new HappeningBoard(() => _now, _sent.Add);

    [Test]
    public void Tell_MoreThanAreKept_KeepsTheLastAndTheWorst()
    {
        _board.Tell(HappeningKind.Late, "bad", 50);
        int worst = _board.Tell(HappeningKind.Late, "worst", 900);
        _board.Tell(HappeningKind.Late, "bad as well", 800);
        for (int i = 0; i < 2 * HappeningBoard.MaxKept; i++)
        {
            _board.Tell(HappeningKind.Late, $"late {i}", 20);
        }

        List<Happening> kept = _board.ToList();
        Assert.That(kept, Has.Count.EqualTo(HappeningBoard.MaxKept));
        Assert.That(kept[0].Id, Is.EqualTo(worst));
        Assert.That(kept[^1].Text, Is.EqualTo($"late {(2 * HappeningBoard.MaxKept) - 1}"));
        Assert.That(_board.WorstLateness, Is.EqualTo(900));
    }

    [Test]
    public void Retell_Line_IsSentAgainWithItsNumberAndTime()
    {
        _now = 7;
        int id = _board.Tell(HappeningKind.Closed, "1 client");
        _now = 9;
        _board.Retell(id, "2 clients");

        var expected = new Happening(id, 7, HappeningKind.Closed, "2 clients", 0);
        Assert.That(_sent[^1], Is.EqualTo(expected));
        Assert.That(_board.ToList(), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void Retell_LineThatIsKeptNoMore_DoesNothing()
    {
        _board.Retell(4711, "again");
        Assert.That(_sent, Is.Empty);
    }

    [Test]
    public void Tell_LongText_IsCut()
    {
        _board.Tell(HappeningKind.Warning, new string('x', 10_000));
        Assert.That(_sent[0].Text, Has.Length.EqualTo(HappeningBoard.MaxText));
    }

    [Test]
    public void Watching_WithAllThatIsKept_FitsAFrame()
    {
        var history = new VitalsHistory();
        for (int i = 0; i < 2 * VitalsHistory.MaxSamples; i++)
        {
            var phases = new PhaseFractions(.1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f);
            history.Add(new Vitals(
                int.MaxValue + (long)i, .1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f, long.MaxValue, long.MaxValue, long.MaxValue, .1f, int.MaxValue,
                int.MaxValue, .2f, long.MaxValue, long.MaxValue, phases, int.MaxValue, int.MaxValue, .1f, .2f, .3f, .4f, .5f));
        }

        for (int i = 0; i < 2 * HappeningBoard.MaxKept; i++)
        {
            _board.Tell(HappeningKind.Warning, new string('x', 10_000), float.MaxValue);
        }

        Assert.That(history.ToList(), Has.Count.EqualTo(VitalsHistory.MaxSamples));
        Assert.That(history.ToList()[^1].ElapsedMilliseconds, Is.EqualTo((2L * VitalsHistory.MaxSamples) - 1 + int.MaxValue));
        var watching = new Watching(1, 2, true, default, default, default, history.ToList(), _board.ToList());
        Assert.That(NetMessagePack.Serialize(watching), Has.Length.LessThan(64 * 1024));
    }
}
