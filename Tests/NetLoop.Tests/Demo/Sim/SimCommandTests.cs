using NUnit.Framework;

namespace NetLoop.Tests.Demo.Sim;

[TestFixture]
[Parallelizable]
public sealed class SimCommandTests
{
    [Test]
    public async Task Sim_OneSeed_SaysHowItWent()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("sim", "--seed", "42", "--safety", "200ms");

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Has.Count.EqualTo(2));
        Assert.That(result.Output[^1], Does.StartWith("ok "));
    }

    [Test]
    public async Task Sim_OneSeedFails_SaysWhatItDrew()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("sim", "--world", "canary", "--seed", "1");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output[0], Does.StartWith("seed 1 world canary: "));
        Assert.That(result.Output[^2], Does.StartWith("FAIL I0 "));
    }

    [Test]
    public async Task Sim_Verbose_SaysFirstWhatItDrewAndLastHowItWent()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("sim", "--seed", "0x2a", "--safety", "500ms", "--check-determinism", "--verbose");

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        IReadOnlyList<string> lines = result.Output;
        Assert.That(lines[0], Does.StartWith("seed 42 world swarm: "));
        Assert.That(lines[^2], Does.Contain("times real time"));
        Assert.That(lines[^1], Does.Match("^ok [0-9a-f]{16} [0-9]+ events, "));
    }

    [Test]
    public async Task Sim_CompiledAtOnceAndNeverAgain_HasTheSameHashes()
    {
        string[] worlds = ["sim", "--seeds", "1..12", "--safety", "300ms", "--jobs"];
        ProcessResult tiered = await ChildProcess.RunNetLoopAsync([.. worlds, "1"]);
        await using ChildProcess other = ChildProcess.NetLoopWith("DOTNET_TieredCompilation", "0", [.. worlds, "2"]);
        ProcessResult fully = await other.EndAsync();

        Assert.That(tiered.Output[^1], Does.Match("^ok [0-9a-f]{16} 12 seeds, "), tiered.ToString());
        Assert.That(fully.Output[^1], Is.EqualTo(tiered.Output[^1]), fully.ToString());
    }

    [Test]
    public async Task Sim_CanariesOfManySeeds_SaysWhichAndHowToRepeatThem()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("sim", "--world", "canary", "--seeds", "1..3", "--coverage", "faults");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        string output = string.Join('\n', result.Output);
        Assert.That(output, Does.Contain("FAIL I0 in ").And.Contain("netloop sim --seed 2 --world canary").And.Contain("accept-too-many-files"));
        Assert.That(result.Output[^1], Does.StartWith("FAIL 3 of 3 seeds; the first: netloop sim --seed "));
    }

    [Test]
    public async Task Sim_Coverage_SaysHowMuchOfTheEngineRanAndChangesNothing()
    {
        string[] worlds = ["sim", "--world", "all", "--seeds", "1..3", "--safety", "200ms", "--clients", "2"];
        ProcessResult plain = await ChildProcess.RunNetLoopAsync(worlds);
        ProcessResult covered = await ChildProcess.RunNetLoopAsync([.. worlds, "--coverage", "lines"]);

        Assert.That(covered.ExitCode, Is.Zero, covered.ToString());
        Assert.That(covered.Output[^1], Does.StartWith("ok ").And.EqualTo(plain.Output[^1]), covered.ToString());
        string output = string.Join('\n', covered.Output);
        Assert.That(
            output,
            Does.Match(@"\nSessions +[1-9][0-9]+ +[0-9]{3,} +[0-9]+ %\n")
                .And.Match(@"\nStack/Linux +0 +[0-9]+ +0 %, not counted\n")
                .And.Match(@"\nin all +[0-9]+ +[0-9]+ +[1-9][0-9] %\n"));
        Assert.That(output, Does.Match(@"\nFraming/DelimitedFramer.cs: [0-9]+ [0-9 ]+\n").And.Not.Contain("\nStack/Linux/"));
    }

    [Test]
    public async Task Sim_CoverageOfSomethingElse_IsAMistakeOfOneLine()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("sim", "--seed", "1", "--coverage", "branches");

        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.ToString(), Does.Contain("--coverage 'branches' is neither lines nor faults"));
    }

    [Test]
    public async Task Sim_Shrunk_LastSaysHowToRepeatTheSmallest()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("sim", "--world", "canary", "--seed", "1", "--shrink");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output[^2], Does.StartWith("FAIL I0 in "));
        Assert.That(result.Output[^1], Does.Match("^  repeat it: netloop sim --seed 1 --world canary --clients 1 --safety [0-9]+ms$"));
    }

    [Test]
    public async Task Sim_Traced_WritesALineForEveryEvent()
    {
        string file = Path.GetTempFileName();
        try
        {
            ProcessResult result = await ChildProcess.RunNetLoopAsync("sim", "--seed", "7", "--until-tick", "20", "--trace", file, "--json");

            Assert.That(result.ExitCode, Is.Zero, result.ToString());
            Assert.That(result.Output.Single(), Does.StartWith("{\"seeds\":1,\"failures\":0,"));
            Assert.That(await File.ReadAllLinesAsync(file), Has.Length.GreaterThan(20).And.All.StartsWith("{\"ns\":"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
