extern alias fuzzing;

using fuzzing::NetLoop.Fuzzing.Running;
using fuzzing::NetLoop.Fuzzing.Targets;
using NUnit.Framework;

namespace NetLoop.Tests.Fuzzing;

public sealed class FuzzCommandTests
{
    private const int MaxPlantedInputs = 500_000;

    private const string Stack = "stack";

    private static IEnumerable<string> TargetNames => FuzzTargets.Create().Select(target => target.Name);

    // A target that may end the process is run in its own process, see D1.
    private static IEnumerable<string> SafeTargetNames => TargetNames.Where(name => name != Stack);

    [TestCaseSource(nameof(SafeTargetNames))]
    public void Run_SomeInputs_FindsNothing(string target)
    {
        (int exitCode, string output, string error) = Run([target, "--inputs", "3000", "--seed", "1"]);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match($"{target}: 3,000 inputs in .* inputs/s, [0-9,]+ states reached"));
        Assert.That(error, Is.Empty);
    }

    [Test]
    public void Run_All_RunsEveryTarget()
    {
        StringWriter output = new();
        IFuzzTarget[] targets = [new FramesTarget(), new BrokenTarget(BrokenTarget.Bug.None)];
        Assert.That(FuzzCommand.Run(["all", "--inputs", "1", "--seed", "1"], () => targets, output, output), Is.Zero);
        Assert.That(output.ToString(), Does.Contain("frames: 1 inputs").And.Contain("broken: 1 inputs"));
    }

    [TestCase(nameof(BrokenTarget.Bug.Throws), "it threw IndexOutOfRangeException")]
    [TestCase(nameof(BrokenTarget.Bug.WrongOracle), "bytes are not less than three")]
    [TestCase(nameof(BrokenTarget.Bug.Allocates), "it allocated 100,024 bytes")]
    [TestCase(nameof(BrokenTarget.Bug.TakesTime), "ms are allowed")]
    public void Run_PlantedBug_IsFoundAndTheCommandPrintedReproducesIt(string name, string problem)
    {
        BrokenTarget.Bug bug = Enum.Parse<BrokenTarget.Bug>(name);
        (int exitCode, string output, _) = Run(["broken", "--inputs", $"{MaxPlantedInputs}", "--seed", "7"], bug);
        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain("seed 7").And.Contains(problem).And.Contains("input:     9307C3"));

        string command = output.Split('\n').Single(line => line.Contains("reproduce:", StringComparison.Ordinal));
        string[] words = command.Split(" -- ")[1].Split(' ', StringSplitOptions.TrimEntries);
        (int again, string sameOutput, _) = Run(words, bug);
        Assert.That(again, Is.EqualTo(1), sameOutput);
        Assert.That(sameOutput, Does.Contain(problem));
        Assert.That(Run(words, BrokenTarget.Bug.None).ExitCode, Is.Zero, "the same input without the bug");
    }

    [Test]
    public void Run_SameSeed_RunsTheSameInputs()
    {
        FuzzResult[] results =
        [
            .. Enumerable.Range(0, 2).Select(_ => new Fuzzer(new FramesTarget(), seed: 9).Run(Corpus.Load("frames"), 3_000, TimeSpan.MaxValue)),
        ];
        Assert.That((results[1].States, results[1].Kept), Is.EqualTo((results[0].States, results[0].Kept)));
        Assert.That(results[0].Kept, Is.GreaterThan(Corpus.Load("frames").Count));
    }

    [Test]
    public void Corpus_OfEveryTarget_HasInputs([ValueSource(nameof(TargetNames))] string target) =>
        Assert.That(Corpus.Load(target), Has.Count.GreaterThan(5));

    [TestCase("nothing", "'nothing' is no target; there are reader, skip, typed, serializer, frames")]
    [TestCase("reader --inputs 0", "--inputs is 0; give it 1 or more")]
    [TestCase("reader --inputs many", "many")]
    [TestCase("reader --seconds -1", "--seconds is -1; give it 1 to 86400")]
    [TestCase("reader --seed -1", "-1")]
    [TestCase("reader --input 0", "--input is no even number of hexadecimal digits")]
    [TestCase("reader --input XY", "--input is no even number of hexadecimal digits")]
    [TestCase("all --input 00", "--input belongs to one target")]
    [TestCase("reader --input 00 --inputs 5", "leave --inputs and --seconds out")]
    [TestCase("reader --colour red", "--colour")]
    [TestCase("", "argument")]
    public void Run_Mistake_IsOneLineAndExitCode2(string words, string said)
    {
        (int exitCode, string output, string error) = Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Is.Empty);
        Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1));
        Assert.That(error, Does.Contain(said));
    }

    [Test]
    public void Run_Help_NamesTheTargets()
    {
        (int exitCode, string output, _) = Run(["--help"]);
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("handshake: opens a session"));
    }

    [Test]
    public void Contracts_OfTheTests_AreAllFuzzed()
    {
        // All targets but those that throw or are wrong on purpose, the one with codecs inside, and examples, which contain nothing new.
        string[] ofTests =
        [
            .. ContractCatalog.Find(typeof(FuzzCommandTests).Assembly)
                .Where(
                    type => type.Name is not ("Picky" or "PickyLater" or "Horde" or "HoldsCoded" or nameof(BrokenContract))
                        && type.Namespace is not ("NetLoopServer" or "HostedServer" or "NetLoop.Tests.Readme" or "NetLoop.Tests.Simulation"))
                .Select(type => type.ToString()),
        ];
        string[] fuzzed = [.. TypedTarget.Contracts.Select(type => type.ToString())];
        Assert.That(ofTests, Is.Not.Empty);
        Assert.That(ofTests.Except(fuzzed), Is.Empty, "link their file into NetLoop.Fuzzing.csproj");
    }

    private static (int ExitCode, string Output, string Error) Run(string[] words, BrokenTarget.Bug? bug = null)
    {
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        int exitCode = FuzzCommand.Run(words, () => bug is { } planted ? [new BrokenTarget(planted)] : FuzzTargets.Create(), output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
