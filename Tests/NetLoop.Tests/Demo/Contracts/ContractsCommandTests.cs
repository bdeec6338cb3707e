using System.Text.Json;
using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Contracts;

/// <summary>The command with real assemblies, which are compiled here.</summary>
[TestFixture]
[Parallelizable]
public sealed class ContractsCommandTests
{
    private const string First =
        "namespace Game; [NetMessage(100)] public partial record struct Move([property: Key(0)] uint Tick, [property: Key(1)] float X);";

    private string _directory = "";

    private string Assembly => Path.Combine(_directory, "Game.dll");

    private string Lock => Path.Combine(_directory, "contracts.lock");

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("netloop-contracts-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Check_NoLockFile_WritesOneThatCanBeRead()
    {
        GeneratorRun.Emit(Assembly, First);
        ProcessResult result = await CheckAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output.Single(), Does.StartWith($"{Lock} was written: 1 contracts, fingerprint 0x"));
        string[] lines = await File.ReadAllLinesAsync(Lock);
        Assert.That(lines.Where(line => !line.StartsWith('#')), Is.EqualTo(new[] { "message 100 Game.Move: array", "  0 Tick: uint32", "  1 X: float32" }));

        ProcessResult again = await CheckAsync();
        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(again.Output.Single(), Does.StartWith("Nothing changed: 1 contracts"));
    }

    [Test]
    public async Task Check_MemberAppendedAndMessageAdded_IsCompatible()
    {
        GeneratorRun.Emit(Assembly, First);
        await CheckAsync();
        GeneratorRun.Emit(
            Assembly,
            First.Replace("float X", "float X, [property: Key(2)] int Y = 7", StringComparison.Ordinal)
                + "[NetMessage(101)] public partial record struct Say;");
        ProcessResult result = await CheckAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Has.Count.EqualTo(3));
        Assert.That(result.Output.Take(2), Has.All.StartsWith("compatible  message 10"));
        Assert.That(result.Output[2], Does.StartWith("Old programs can talk to new ones"));
    }

    [Test]
    public async Task Check_TypeChanged_IsBreakingUntilItIsAccepted()
    {
        GeneratorRun.Emit(Assembly, First);
        await CheckAsync();
        GeneratorRun.Emit(Assembly, First.Replace("float X", "double X", StringComparison.Ordinal));

        ProcessResult result = await CheckAsync("--json");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        JsonElement summary = JsonDocument.Parse(result.Output.Single()).RootElement;
        Assert.That(summary.GetProperty("breaking")[0].GetString(), Does.StartWith("message 100 Game.Move: member X was float32 and is float64"));
        Assert.That(result.Errors, Does.Contain("breaking    message 100 Game.Move"));

        ProcessResult accepted = await CheckAsync("--update");
        Assert.That(accepted.ExitCode, Is.Zero, accepted.ToString());
        Assert.That((await CheckAsync()).Output.Single(), Does.StartWith("Nothing changed"));
    }

    [Test]
    public async Task Check_MistakeOfAPerson_IsOneLineAndExitCode2()
    {
        await AssertMistakeAsync("cannot be read");
        await File.WriteAllTextAsync(Assembly, "This is no assembly.");
        await AssertMistakeAsync("is not a .NET assembly");
        GeneratorRun.Emit(Assembly, "public class Nothing;");
        await AssertMistakeAsync("has no messages of NetLoop");
        GeneratorRun.Emit(Assembly, First);
        await File.WriteAllTextAsync(Lock, "nonsense");
        await AssertMistakeAsync("is not a lock file: line 1 is 'nonsense'");
    }

    private async Task AssertMistakeAsync(string expected)
    {
        ProcessResult result = await CheckAsync();
        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(1), result.Errors);
        Assert.That(result.Errors, Does.StartWith("netloop: ").And.Contain(expected));
    }

    private Task<ProcessResult> CheckAsync(params string[] more) =>
        ChildProcess.RunNetLoopAsync(["contracts", "check", "--assembly", Assembly, "--lock", Lock, .. more]);
}
