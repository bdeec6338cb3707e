using System.Numerics;
using NetLoop.Demo.Arena;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Arena;

[TestFixture]
[Parallelizable]
public sealed class SnapshotCheckerTests
{
    private readonly World _world = new(seed: 11, tickRate: 60);
    private readonly List<NearbyEntity> _near = [];

    [Test]
    public void Check_AnHonestServerWithDelay_FindsNothing()
    {
        Entity me = Enter(out SnapshotChecker checker);
        Entity[] others = [.. Enumerable.Range(0, 500).Select(_ => _world.Enter())];
        var pilot = new BotPilot(seed: 5);
        var onTheWay = new Queue<Steer>();
        for (int tick = 0; tick < 2_000; tick++)
        {
            onTheWay.Enqueue(checker.Send(pilot.Decide(checker.Position)));
            if (tick % 3 == 2)
            {
                while (onTheWay.TryDequeue(out Steer steer))
                {
                    Assert.That(me.Steer(steer), Is.Zero);
                }
            }

            checker.Check(Step(me));
        }

        Assert.That(others, Has.Length.EqualTo(500));
        Assert.That(checker.FirstFault, Is.Null);
        Assert.That((checker.Missing, checker.Wrong), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Check_SnapshotsLeftOut_CountsThemAsMissing()
    {
        Entity me = Enter(out SnapshotChecker checker);
        checker.Check(Step(me));
        Step(me);
        Step(me);

        checker.Check(Step(me));

        Assert.That((checker.Missing, checker.Wrong), Is.EqualTo((2, 1)));
    }

    [Test]
    public void Check_SnapshotTwice_IsWrong()
    {
        Entity me = Enter(out SnapshotChecker checker);
        Nearby snapshot = Step(me);
        checker.Check(snapshot);

        checker.Check(snapshot);

        Assert.That((checker.Missing, checker.Wrong), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Check_AnythingChanged_IsWrong()
    {
        AssertWrong(honest => honest with { X = honest.X + 0.5f });
        AssertWrong(honest => honest with { Y = float.NaN });
        AssertWrong(honest => honest with { X = -1 });
        AssertWrong(honest => honest with { Acknowledged = 2 });
        AssertWrong(honest => honest with { Acknowledged = uint.MaxValue });
        AssertWrong(honest => honest with { Entities = [new NearbyEntity(1, honest.X, honest.Y)] });
        AssertWrong(honest => honest with { Entities = [new NearbyEntity(99, honest.X + ArenaRules.ViewRadius + 1, honest.Y)] });
        AssertWrong(honest => honest with { Entities = [new NearbyEntity(98, honest.X + 9, honest.Y), new NearbyEntity(99, honest.X, honest.Y)] });
    }

    [Test]
    public void MaySend_NothingAcknowledged_EndsAtTheLimit()
    {
        Enter(out SnapshotChecker checker);
        for (int i = 0; i < SnapshotChecker.MaxUnacknowledged; i++)
        {
            Assert.That(checker.MaySend, $"after {i}");
            checker.Send(Vector2.UnitX);
        }

        Assert.That(checker.MaySend, Is.False);
    }

    private static void AssertWrong(Func<Nearby, Nearby> change)
    {
        var test = new SnapshotCheckerTests();
        Entity me = test.Enter(out SnapshotChecker checker);
        me.Steer(checker.Send(new Vector2(1, 0)));
        checker.Check(change(test.Step(me)));
        Assert.That(checker.Wrong, Is.EqualTo(1), checker.FirstFault);
    }

    private Entity Enter(out SnapshotChecker checker)
    {
        Entity me = _world.Enter();
        checker = new SnapshotChecker(new Entered(me.Id, _world.Tick, _world.TickRate, me.Position.X, me.Position.Y));
        return me;
    }

    private Nearby Step(Entity me)
    {
        _world.Step();
        _world.FindNear(me, _near);
        return new Nearby(_world.Tick, me.Acknowledged, me.Position.X, me.Position.Y, _near);
    }
}
