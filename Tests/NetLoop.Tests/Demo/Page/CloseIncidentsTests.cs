using NetLoop.Demo.Page;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CloseIncidentsTests
{
    private readonly Dictionary<CloseReason, long> _closed = [];
    private readonly HappeningBoard _board;
    private readonly CloseIncidents _incidents;
    private long _now;

    public CloseIncidentsTests()
    {
        _board = new HappeningBoard(() => _now, static _ => { });
        _incidents = new CloseIncidents(_board);
    }

    private string[] Lines => [.. _board.ToList().Select(line => line.Text)];

    [Test]
    public void Update_SeveralForOneReason_IsOneSentenceThatSaysWhyAndWhomItCost()
    {
        _closed[CloseReason.FrameTooLarge] = 5;
        _incidents.Update(_closed, botsHurt: 0);

        Assert.That(Lines, Is.EqualTo(new[] { "5 clients disconnected: they announced a frame over 64 KiB (1 KiB before Hello); nobody else was affected." }));
    }

    [Test]
    public void Update_MoreOfThemSoon_CountsOnTheSameLine()
    {
        _closed[CloseReason.SlowConsumer] = 1;
        _incidents.Update(_closed, botsHurt: 0);
        _now += 9_000;
        _closed[CloseReason.SlowConsumer] = 3;
        _incidents.Update(_closed, botsHurt: 1);

        Assert.That(Lines, Is.EqualTo(new[] { "3 clients disconnected: they did not read, and up to 256 KiB waited for each; 1 bot was affected." }));
    }

    [Test]
    public void Update_MoreOfThemLater_IsAnotherLine()
    {
        _closed[CloseReason.Malformed] = 1;
        _incidents.Update(_closed, botsHurt: 0);
        _now += 11_000;
        _closed[CloseReason.Malformed] = 2;
        _incidents.Update(_closed, botsHurt: 0);

        Assert.That(Lines, Has.Length.EqualTo(2).And.All.StartsWith("1 client disconnected: "));
    }

    [Test]
    public void Update_NothingNewOrAnOrderlyEnd_SaysNothing()
    {
        _closed[CloseReason.Normal] = 200;
        _incidents.Update(_closed, botsHurt: 0);
        _incidents.Update(_closed, botsHurt: 0);

        Assert.That(Lines, Is.Empty);
    }

    [Test]
    public void Of_EveryReason_IsASentenceWithoutItsCodeName([Values] CloseReason reason)
    {
        Assume.That(reason, Is.Not.EqualTo(CloseReason.Normal));
        string sentence = CloseSentence.Of(reason, 2, 0);
        Assert.That(sentence, Does.StartWith("2 clients ").And.EndsWith("."));
        Assert.That(sentence, Does.Not.Contain(reason.ToString()));
    }
}
