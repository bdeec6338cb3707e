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
                    Assert.That(me.TrySteer(steer, out uint skipped) && skipped == 0);
                }
            }

            checker.Check(Step(me));
        }

        Assert.That(others, Has.Length.EqualTo(500));
        Assert.That(checker.FirstFault, Is.Null);
        Assert.That((checker.Skipped, checker.Wrong), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Check_SnapshotsAndDirectionsLeftOut_CountsThemAndFindsNothing([Values(1, 2, 3, 4)] int seed)
    {
        var network = new Random(seed);
        Entity me = Enter(out SnapshotChecker checker);
        var pilot = new BotPilot(seed);
        long left = 0;
        uint skipped = 0;
        for (int tick = 0; tick < 5_000; tick++)
        {
            if (tick % 5 == 0 && checker.MaySend)
            {
                Steer steer = checker.Send(pilot.Decide(checker.Position));
                if (network.Next(3) > 0)
                {
                    Assert.That(me.TrySteer(steer, out uint before));
                    skipped += before;
                }
            }

            Nearby snapshot = Step(me);
            bool isLost = tick is > 3_000 and < 3_100 || network.Next(3) == 0;
            if (isLost)
            {
                left++;
            }
            else
            {
                checker.Check(snapshot);
            }
        }

        checker.Check(Step(me));
        Assert.That(checker.FirstFault, Is.Null);
        Assert.That((checker.Skipped, checker.Wrong), Is.EqualTo((left, 0)));
        Assert.That(skipped, Is.Positive);
    }

    [Test]
    public void Check_PositionThatNoPathExplains_IsWrong()
    {
        // A step to the right and 19 upwards, whose places are not known. A diagonal of the same length is what must be rejected.
        Entity me = Enter(out SnapshotChecker checker);
        me.TrySteer(checker.Send(new Vector2(1, 0)), out _);
        checker.Check(Step(me));
        Vector2 start = me.Position;
        me.TrySteer(checker.Send(new Vector2(0, 1)), out _);
        for (int i = 0; i < 19; i++)
        {
            Step(me);
        }

        Nearby honest = Step(me);
        float side = 20 * ArenaRules.Speed / _world.TickRate / MathF.Sqrt(2);
        checker.Check(honest with { X = start.X + side, Y = start.Y + side });

        Assert.That(checker.Wrong, Is.EqualTo(1));
        Assert.That(checker.FirstFault, Does.Contain("cannot be reached"));
    }

    [Test]
    public void Check_AcknowledgesWhatIsForgotten_ChecksTheDistance()
    {
        Entity me = Enter(out SnapshotChecker checker);
        Steer first = checker.Send(Vector2.UnitX);
        for (int i = 0; i < SnapshotChecker.MaxUnacknowledged; i++)
        {
            checker.Send(-Vector2.UnitX);
        }

        Assert.That(me.TrySteer(first, out _));
        checker.Check(Step(me));
        checker.Check(Step(me));
        Assert.That(checker.FirstFault, Is.Null);

        Nearby next = Step(me);
        checker.Check(next with { X = next.X + 2 });
        Assert.That(checker.Wrong, Is.EqualTo(1));
    }

    [Test]
    public void Check_SnapshotTwiceOrLate_IsWrongAndChangesNothing()
    {
        Entity me = Enter(out SnapshotChecker checker);
        Nearby first = Copy(Step(me));
        Nearby second = Step(me);
        checker.Check(second);

        checker.Check(second);
        checker.Check(first);
        Assert.That((checker.Skipped, checker.Wrong), Is.EqualTo((1, 2)));

        checker.Check(Step(me));
        Assert.That((checker.Skipped, checker.Wrong), Is.EqualTo((1, 2)));
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
        me.TrySteer(checker.Send(new Vector2(1, 0)), out _);
        checker.Check(change(test.Step(me)));
        Assert.That(checker.Wrong, Is.EqualTo(1), checker.FirstFault);
    }

    private static Nearby Copy(in Nearby snapshot) => snapshot with { Entities = [.. snapshot.Entities] };

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
