extern alias fuzzing;

using fuzzing::NetLoop.Fuzzing.Running;
using fuzzing::NetLoop.Fuzzing.Targets;
using NetLoop.Tests.Simulation.PlantedBugs;
using NUnit.Framework;

namespace NetLoop.Tests.Fuzzing;

/// <summary>Each oracle must be able to fail: a bug that it should find is planted, and the fuzzer must find it.</summary>
public sealed class OracleTests
{
    private const int MostInputs = 20_000;

    private static readonly byte[] Engine = File.ReadAllBytes(typeof(NetServer).Assembly.Location);

    private static IEnumerable<TestCaseData> PlantedBugs()
    {
        yield return Case(
            "the fast reader makes 0 of a number of 32 bits",
            () => BugPlanter.Plant(Engine, new PlantedBug("", "NetLoop.CompilerServices.FixedLayoutReader", "Get32", "FixedLayoutReader.BigEndian")),
            "reader",
            "the fast reader reads");
        yield return Case(
            "the header of a message is another in its usual form",
            () => BugPlanter.Plant(Engine, new PlantedBug("", "NetLoop.CompilerServices.FixedLayoutReader", "Get16", "FixedLayoutReader.BigEndian")),
            "frames",
            "value by value");
        yield return Case(
            "255 is written in three bytes",
            () => EngineChange.ChangeNumber(Engine, "NetLoop.NetWriter", "Write", from: 255, to: 254),
            "reader",
            "has a shorter form");
        yield return Case(
            "fragments count over the life of a WebSocket",
            () => EngineChange.LeaveStoresOut(Engine, "NetLoop.Transports.WebSockets.WebSocketProtocol", "EndMessage", "_fragments"),
            "websocket",
            "it ends Failed A message comes in too many fragments");
        yield return Case(
            "what is read is not charged",
            () => EngineChange.LeaveStoresOut(Engine, "NetLoop.NetReader", "TryCharge", "_chargedBytes"),
            "typed",
            "it allocated");
    }

    [TestCaseSource(nameof(PlantedBugs))]
    public void Run_EngineWithABug_IsFoundByItsOracle(object plant, string target, string problem)
    {
        var changed = new ChangedFuzzing(((Func<byte[]>)plant)());
        (int exitCode, string output) = changed.Run(target, "--inputs", $"{MostInputs}", "--seed", "3");
        changed.Unload();
        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain(problem));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Run_ContractThatReadsTheUsualFormAsAnother_IsFound(bool isBroken)
    {
        BrokenContract.IsBroken = isBroken;
        FuzzResult result = new Fuzzer(new TypedTarget([typeof(BrokenContract)]), seed: 5).Run([], isBroken ? MostInputs : 3_000, TimeSpan.MaxValue);
        Assert.That(result.Failure?.Problem, isBroken ? Does.Contain("in wider forms") : Is.Null);
    }

    [TestCase(BrokenDelimiter.Bug.None, null)]
    [TestCase(BrokenDelimiter.Bug.ForgetsWhatItBeganWith, "in pieces it ends|cut at")]
    [TestCase(BrokenDelimiter.Bug.SkipsTheNextBeginning, "by a search from the start")]
    [TestCase(BrokenDelimiter.Bug.NeverLooksBack, "in pieces it ends|cut at")]
    [TestCase(BrokenDelimiter.Bug.LimitCountsTheDelimiter, "by a search from the start")]
    public void Run_DelimitedFramerWithABug_IsFound(BrokenDelimiter.Bug bug, string? problem)
    {
        var target = new FramesTarget((delimiter, maxBodyBytes) => new BrokenDelimiter(delimiter, maxBodyBytes, bug));
        FuzzResult result = new Fuzzer(target, seed: 5).Run(Corpus.Load("frames"), problem is null ? 5_000 : MostInputs, TimeSpan.MaxValue);
        Assert.That(result.Failure?.Problem, problem is null ? Is.Null : Does.Match(problem));
    }

    private static TestCaseData Case(string name, Func<byte[]> plant, string target, string problem) =>
        new TestCaseData(plant, target, problem).SetArgDisplayNames(name, target);
}
