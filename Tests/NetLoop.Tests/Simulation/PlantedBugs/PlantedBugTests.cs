using NetLoop.Worlds;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.PlantedBugs;

/// <summary>The simulator must be able to fail: bugs are planted into a copy of the engine, and worlds must find them.</summary>
[Parallelizable]
internal sealed class PlantedBugTests
{
    private const int MostSeeds = 500;

    private static readonly byte[] Engine = File.ReadAllBytes(typeof(NetServer).Assembly.Location);

    [Test]
    public void Run_EngineWithoutBug_Holds()
    {
        var simulation = new MutatedSimulation(Engine);
        Assert.That(simulation.Run(1, WorldKind.Swarm), Is.Null);
        simulation.Unload();
    }

    [Test]
    public void Plant_EveryBug_HasItsPlaceInTheEngine() =>
        Assert.That(PlantedBug.All, Has.All.Matches<PlantedBug>(bug => BugPlanter.Plant(Engine, bug).Length == Engine.Length));

    [Test]
    public void Run_CursorStaysAfterAPartialSend_IsFoundAtOnce() => Assert.That(SeedsUntilFound(PlantedBug.All[0], most: 10), Is.LessThanOrEqualTo(10));

    [TestCaseSource(typeof(PlantedBug), nameof(PlantedBug.All))]
    [Explicit("Runs up to 500 worlds for each bug; prints how many it took.")]
    public void Run_PlantedBug_IsFound(object bug) => Assert.That(SeedsUntilFound((PlantedBug)bug, MostSeeds), Is.LessThanOrEqualTo(MostSeeds));

    /// <summary>
    /// Every invariant of the simulator has a bug that violates it, because an invariant without one might never fail. I9, I18, I23, I30, I36 and
    /// I37 have none yet.
    /// </summary>
    [TestCase("I0", "a connection that dies keeps what it had to send")]
    [TestCase("I2", "a socket that is over stays open")]
    [TestCase("I3", "a connection that dies keeps what it received")]
    [TestCase("I4", "a slab that is dropped is not given up")]
    [TestCase("I5", "a timer that fired is not set again")]
    [TestCase("I6", "nobody hears that the kernel takes more")]
    [TestCase("I7", "bodies that were sent in part of a block are still counted")]
    [TestCase("I8", "ticks are taken and their number stays")]
    [TestCase("I10", "a packet number is used twice")]
    [TestCase("I11", "a batch is not used again")]
    [TestCase("I12", "no descriptors, and the listener tries again at once")]
    [TestCase("I13", "a slot of the table keeps its generation")]
    [TestCase("I14", "bytes that were delivered are delivered again")]
    [TestCase("I15", "requests in one slot have one number")]
    [TestCase("I16", "what is lent is received over")]
    [TestCase("I17", "a sequenced body may be older than the last")]
    [TestCase("I19", "the opened handler is not called")]
    [TestCase("I20", "the end of the input waits for the close timeout")]
    [TestCase("I21", "a listener that backed off waits for its timer")]
    [TestCase("I22", "an open session keeps the framing of Hello")]
    [TestCase("I24", "what another thread sent keeps its lease")]
    [TestCase("I26", "a full table of descriptors is not seen")]
    [TestCase("I27", "time in which the loop stood still counts against peers")]
    [TestCase("I28", "a late loop reads and handles nothing")]
    [TestCase("I29", "a body that was delivered waits to be delivered")]
    [TestCase("I31", "reading goes on after the stop began")]
    [TestCase("I32", "nobody waits for handlers that go on")]
    [TestCase("I33", "what arrives does not count as a sign of life")]
    [TestCase("I34", "who leaves keeps the place of its address")]
    [TestCase("I35", "no ping is measured")]
    [TestCase("I38", "a packet that was accepted is accepted again")]
    [TestCase("I39", "packets that are sent are not under way")]
    [Explicit("Runs up to 16 worlds for each of 32 bugs; .ci/run does.")]
    public void Run_BugForInvariant_TripsIt(string invariant, string name)
    {
        const int Most = 16;
        PlantedBug bug = PlantedBug.All.Single(bug => bug.Name == name);
        var simulation = new MutatedSimulation(BugPlanter.Plant(Engine, bug));
        var found = new List<string>();
        for (ulong seed = 1; seed <= Most && !found.Exists(violation => violation.Contains($"Invariant = {invariant},", StringComparison.Ordinal)); seed++)
        {
            found.Add(simulation.Run(seed, bug.Kind) ?? "nothing");
        }

        simulation.Unload();
        TestContext.Out.WriteLine($"{found.Count} seeds: {found[^1]}");
        Assert.That(found[^1], Does.Contain($"Invariant = {invariant},"), string.Join("\n", found));
    }

    private static int SeedsUntilFound(PlantedBug bug, int most)
    {
        var simulation = new MutatedSimulation(BugPlanter.Plant(Engine, bug));
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
