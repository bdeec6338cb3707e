using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.Packages;

/// <summary>The command <c>netloop</c>, installed as a tool.</summary>
[Explicit("Packs the solution: a minute.")]
public sealed class ToolTests
{
    private string _folder = null!;
    private string _netloop = null!;

    [OneTimeSetUp]
    public void Install()
    {
        _folder = PackageFeed.Shared.CreateFolder("tool");
        PackageFeed.Shared.Run(_folder, "tool", "install", "NetLoop.Tool", "--version", PackageFeed.Version, "--tool-path", Path.Combine(_folder, "bin"));
        _netloop = Path.Combine(_folder, "bin", OperatingSystem.IsWindows() ? "netloop.exe" : "netloop");
    }

    [Test]
    public async Task Version_OfTheInstalledTool_IsPrinted()
    {
        ProcessResult result = await ChildProcess.RunAsync(_netloop, "--version");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output.Single(), Does.StartWith(PackageFeed.Version[..PackageFeed.Version.IndexOf('-')]));
    }

    [Test]
    public async Task ContractsCheck_OfAnAssembly_WritesItsLockAndComparesWithIt()
    {
        string lockFile = Path.Combine(_folder, "contracts.lock");
        string[] check = ["contracts", "check", "--assembly", typeof(ToolTests).Assembly.Location, "--lock", lockFile];
        ProcessResult first = await ChildProcess.RunAsync(_netloop, check);
        Assert.That(first.ExitCode, Is.Zero, first.ToString());
        string[] members = await File.ReadAllLinesAsync(lockFile);
        Assert.That(members, Has.Some.Contains("Shout"));

        ProcessResult second = await ChildProcess.RunAsync(_netloop, check);
        Assert.That(second.ExitCode, Is.Zero, second.ToString());

        // As if the earlier contracts had had a different type.
        await File.WriteAllLinesAsync(lockFile, members.Select(line => line.Replace(": int32", ": string", StringComparison.Ordinal)));
        ProcessResult broken = await ChildProcess.RunAsync(_netloop, check);
        Assert.That(broken.ExitCode, Is.EqualTo(1), broken.ToString());
    }
}
