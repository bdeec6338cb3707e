using NetLoop.Simulation.Worlds;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.PlantedBugs;

/// <summary>The simulator must be able to fail: bugs are planted into a copy of the engine, and worlds must find them.</summary>
internal sealed class PlantedBugTests
{
    private const int MostSeeds = 500;

    private static readonly byte[] _engine = File.ReadAllBytes(typeof(NetServer).Assembly.Location);

    [Test]
    public void Run_EngineWithoutBug_Holds()
    {
        var simulation = new MutatedSimulation(_engine);
        Assert.That(simulation.Run(1, WorldKind.Swarm), Is.Null);
        simulation.Unload();
    }

    [Test]
    public void Plant_EveryBug_HasItsPlaceInTheEngine() =>
        Assert.That(PlantedBug.All, Has.All.Matches<PlantedBug>(bug => BugPlanter.Plant(_engine, bug).Length == _engine.Length));

    [Test]
    public void Run_CursorStaysAfterAPartialSend_IsFoundAtOnce() => Assert.That(SeedsUntilFound(PlantedBug.All[0], most: 10), Is.LessThanOrEqualTo(10));

    [TestCaseSource(typeof(PlantedBug), nameof(PlantedBug.All))]
    [Explicit("Runs up to 500 worlds for each bug; prints how many it took.")]
    public void Run_PlantedBug_IsFound(object bug) => Assert.That(SeedsUntilFound((PlantedBug)bug, MostSeeds), Is.LessThanOrEqualTo(MostSeeds));

    private static int SeedsUntilFound(PlantedBug bug, int most)
    {
        var simulation = new MutatedSimulation(BugPlanter.Plant(_engine, bug));
        int seeds = 1;
        string? violation = simulation.Run(1, bug.Kind);
        while (violation is null && seeds <= most)
        {
            violation = simulation.Run((ulong)++seeds, bug.Kind);
        }

        simulation.Unload();
        TestContext.Out.WriteLine($"{seeds} seeds until '{bug.Name}' was found: {violation}");
        return seeds;
    }
}
