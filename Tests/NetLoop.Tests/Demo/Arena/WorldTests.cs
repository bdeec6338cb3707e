using System.Numerics;
using NetLoop.Demo.Arena;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Arena;

[TestFixture]
[Parallelizable]
public sealed class WorldTests
{
    [Test]
    public void Step_SameSeedAndSteering_GivesTheSameWorld()
    {
        Assert.That(Walk(seed: 7), Is.EqualTo(Walk(seed: 7)));
        Assert.That(Walk(seed: 7), Is.Not.EqualTo(Walk(seed: 8)));
    }

    [Test]
    public void FindNear_ManyEntities_AgreesWithComparingEverybodyWithEverybody()
    {
        var world = new World(seed: 3, tickRate: 60);
        Entity[] entities = [.. Enumerable.Range(0, 800).Select(_ => world.Enter())];
        world.Step();
        var near = new List<NearbyEntity>();
        foreach (Entity viewer in entities)
        {
            world.FindNear(viewer, near);

            uint[] expected =
            [
                .. entities
                    .Where(
                        other => other != viewer && Vector2.DistanceSquared(other.Position, viewer.Position) <= ArenaRules.ViewRadius * ArenaRules.ViewRadius)
                    .OrderBy(other => Vector2.DistanceSquared(other.Position, viewer.Position))
                    .ThenBy(other => other.Id)
                    .Take(ArenaRules.MaxNearby)
                    .Select(other => other.Id),
            ];
            Assert.That(near.Select(entity => entity.Id), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Leave_FromTheMiddle_NobodySeesTheEntityAnyMore()
    {
        var world = new World(seed: 1, tickRate: 60);
        Entity[] entities = [.. Enumerable.Range(0, 300).Select(_ => world.Enter())];
        foreach (Entity leaving in entities.Where(entity => entity.Id % 3 == 0))
        {
            world.Leave(leaving);
        }

        world.Step();

        var near = new List<NearbyEntity>();
        Assert.That(world.Count, Is.EqualTo(200));
        foreach (Entity viewer in entities.Where(entity => entity.Id % 3 != 0))
        {
            world.FindNear(viewer, near);
            Assert.That(near.All(entity => entity.Id % 3 != 0), $"entity {viewer.Id} sees one that left");
        }
    }

    [TestCase(float.NaN, 0f)]
    [TestCase(float.PositiveInfinity, 1f)]
    [TestCase(3.4e38f, 3.4e38f)]
    public void Steer_DirectionThatIsNoDirection_StaysInsideTheWorld(float x, float y)
    {
        var world = new World(seed: 1, tickRate: 60);
        Entity entity = world.Enter();

        entity.TrySteer(new Steer(1, x, y), out _);
        world.Step();

        Assert.That(ArenaRules.IsInside(entity.Position));
    }

    [Test]
    public void TrySteer_GapOrRepeat_CountsTheGapAndRejectsTheRepeat()
    {
        Entity entity = new World(seed: 1, tickRate: 60).Enter();

        Assert.That(Steer(1, x: 1), Is.EqualTo((true, 0)));
        Assert.That(Steer(5, x: 0.5f), Is.EqualTo((true, 3)), "2, 3 and 4 never came");
        Assert.That(Steer(5, x: 0), Is.EqualTo((false, 0)), "5 came twice");
        Assert.That(Steer(4, x: 0), Is.EqualTo((false, 0)), "4 came after 5");
        Assert.That(entity.Direction.X, Is.EqualTo(0.5f), "what comes late changes nothing");
        Assert.That(Steer(6, x: 1), Is.EqualTo((true, 0)));

        (bool IsNew, int Skipped) Steer(uint sequence, float x)
        {
            bool isNew = entity.TrySteer(new Steer(sequence, x, 0), out uint skipped);
            return (isNew, (int)skipped);
        }
    }

    private static Vector2[] Walk(int seed)
    {
        var world = new World(seed, tickRate: 60);
        Entity[] entities = [.. Enumerable.Range(0, 20).Select(_ => world.Enter())];
        BotPilot[] pilots = [.. Enumerable.Range(0, 20).Select(index => new BotPilot(seed + index))];
        for (uint tick = 1; tick <= 500; tick++)
        {
            for (int i = 0; i < entities.Length; i++)
            {
                Vector2 direction = pilots[i].Decide(entities[i].Position);
                entities[i].TrySteer(new Steer(tick, direction.X, direction.Y), out _);
            }

            world.Step();
        }

        return [.. entities.Select(entity => entity.Position)];
    }
}
