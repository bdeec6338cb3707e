using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NetLoop.Tests.Demo;
using NetLoop.Tests.Hosting;
using NetLoopServer;
using NUnit.Framework;

namespace NetLoop.Tests.Packages;

/// <summary>The result of the three commands of the readme in an empty folder.</summary>
[Explicit("Packs, restores, builds and publishes: some minutes, and a registry for the packages of others.")]
public sealed partial class TemplateTests
{
    private const int Starts = 5;

    private string _folder = null!;

    [OneTimeSetUp]
    public void CreateProjects()
    {
        _folder = PackageFeed.Shared.CreateFolder("game");
        string[] hive = ["--debug:custom-hive", PackageFeed.Shared.CreateFolder("hive")];
        string package = Path.Combine(PackageFeed.Shared.Folder, $"NetLoop.Templates.{PackageFeed.Version}.nupkg");
        PackageFeed.Shared.Run(_folder, ["new", "install", package, .. hive]);
        PackageFeed.Shared.Run(_folder, ["new", "netloop-server", "-o", "Server", .. hive]);
        PackageFeed.Shared.Run(_folder, ["new", "netloop-client", "-o", "Client", .. hive]);
        PackageFeed.Shared.Run(_folder, ["new", "netloop-tests", "-o", "Tests", .. hive]);

        // Other names than those in the readme, one of them not an identifier.
        PackageFeed.Shared.Run(_folder, ["new", "netloop-server", "-o", "my-game", .. hive]);
        PackageFeed.Shared.Run(_folder, ["new", "netloop-client", "-o", "my-client", "--server", "my-game", .. hive]);
        Build("Server");
        Build("Client");
    }

    [TestCase("tcp")]
    [TestCase("ws")]
    public async Task ServerAndClient_BuiltFromTemplates_Talk(string scheme)
    {
        await using ChildProcess server = ChildProcess.Start("dotnet", Path.Combine(_folder, "Server/bin/Debug/net10.0/Server.dll"), "0", "0");
        string address = $"{scheme}://127.0.0.1:{await PortOfAsync(server, scheme)}";

        await using ChildProcess client = ChildProcess.Start("dotnet", Path.Combine(_folder, "Client/bin/Debug/net10.0/Client.dll"), address);
        await client.ExpectAsync($"Connected to {address}. Sessions: 1.");
        await client.TypeAsync("hello");
        await client.ExpectAsync("hello");
        ProcessResult left = await client.EndAsync();
        Assert.That(left.ExitCode, Is.Zero, left.ToString());
        Assert.That(left.Output[^1], Is.EqualTo("Shouts so far: 1"));

        await server.SignalAsync("TERM");
        ProcessResult stopped = await server.EndAsync();
        Assert.That(stopped.ExitCode, Is.Zero, stopped.ToString());
    }

    [Test]
    public async Task Client_WithoutAServer_SaysWhyInOneLine()
    {
        int port = FreePort.Find();
        ProcessResult result = await ChildProcess.RunAsync(
            "dotnet", Path.Combine(_folder, "Client/bin/Debug/net10.0/Client.dll"), $"tcp://127.0.0.1:{port}");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void Tests_OfTheTemplate_Pass()
    {
        string output = PackageFeed.Shared.Run(_folder, "test", "Tests", "-nologo");
        Assert.That(PackageFeed.Warnings(output), Is.Empty);
        Assert.That(output, Does.Match(@"Passed! +- Failed: +0, Passed: +2, Skipped: +0"));
    }

    [Test]
    public void Projects_WithOtherNames_Build()
    {
        Build("my-game");
        Build("my-client");
    }

    [Test]
    public async Task Server_PublishedTrimmed_AnswersAndHasNoWarnings()
    {
        PublishServer("trimmed", "-p:PublishTrimmed=true", "-p:PublishSingleFile=true", "--self-contained");
        await MeasureAsync("trimmed");
    }

    [Test]
    public async Task Server_PublishedNative_AnswersAndHasNoWarnings()
    {
        if (!CanLink())
        {
            Assert.Ignore("There is no linker for native AOT: neither clang nor gcc is in the path.");
        }

        PublishServer("native", "-p:PublishAot=true");
        await MeasureAsync("native");
    }

    [Test]
    public void Templates_PackagesOfOthers_HaveTheVersionsOfTheRepository()
    {
        Dictionary<string, string> versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(item => (string)item.Attribute("Include")!, item => (string)item.Attribute("Version")!);
        foreach (string project in new[] { "Server", "Client", "Tests" })
        {
            foreach (XElement reference in XDocument.Load(Path.Combine(_folder, project, $"{project}.csproj")).Descendants("PackageReference"))
            {
                string name = (string)reference.Attribute("Include")!;
                string expected = name.StartsWith("NetLoop.", StringComparison.Ordinal) ? PackageFeed.Version : versions[name];
                Assert.That((string)reference.Attribute("Version")!, Is.EqualTo(expected), $"{name} of {project}");
            }
        }
    }

    private void Build(string project) => Assert.That(PackageFeed.Warnings(PackageFeed.Shared.Run(_folder, "build", project, "-nologo")), Is.Empty);

    private void PublishServer(string to, params string[] options) => Assert.That(
        PackageFeed.Warnings(PackageFeed.Shared.Run(_folder, ["publish", "Server", "-c", "Release", "--use-current-runtime", "-o", to, "-nologo", .. options])),
        Is.Empty);

    /// <summary>Starts a published server several times and sends it requests; prints its size and the shortest times, which are in the readme.</summary>
    private async Task MeasureAsync(string published)
    {
        string program = Path.Combine(_folder, published, OperatingSystem.IsWindows() ? "Server.exe" : "Server");
        TimeSpan up = TimeSpan.MaxValue;
        TimeSpan answered = TimeSpan.MaxValue;
        TimeSpan processor = TimeSpan.MaxValue;
        long workingSet = long.MaxValue;
        for (int i = 0; i < Starts; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await using ChildProcess server = ChildProcess.Start(program, "0", "0");
            int port = await PortOfAsync(server, "ws");
            TimeSpan listening = Stopwatch.GetElapsedTime(began);
            // The server first compiles its code, which takes seconds on a busy machine.
            await using (NetClient client = await NetClient.ConnectAsync($"ws://127.0.0.1:{port}", o => o.HandshakeTimeout = ChildProcess.Deadline))
            {
                Census census = await client.RequestAsync(new CountShouts()).WaitAsync(TestHost.Patience);
                Assert.That(census, Is.EqualTo(new Census(Sessions: 1, Shouts: 0)));
            }

            TimeSpan response = Stopwatch.GetElapsedTime(began);
            using (Process process = Process.GetProcessById(server.Id))
            {
                workingSet = Math.Min(workingSet, process.WorkingSet64);
                processor = process.TotalProcessorTime < processor ? process.TotalProcessorTime : processor;
            }

            await server.SignalAsync("TERM");
            Assert.That((await server.EndAsync()).ExitCode, Is.Zero);
            up = listening < up ? listening : up;
            answered = response < answered ? response : answered;
        }

        TestContext.Progress.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{published}: {new FileInfo(program).Length / 1e6:0.0} MB, listens after {up.TotalMilliseconds:0} ms, first response after "
                + $"{answered.TotalMilliseconds:0} ms and {processor.TotalMilliseconds:0} ms of processor time, working set {workingSet / 1048576.0:0} MiB "
                + $"(best of {Starts} starts)"));
    }

    private static async Task<int> PortOfAsync(ChildProcess server, string scheme)
    {
        while (true)
        {
            Match listening = Listening().Match(await server.ExpectAsync("info: NetLoop"));
            if (listening.Success && listening.Groups["scheme"].Value == scheme)
            {
                return int.Parse(listening.Groups["port"].Value, CultureInfo.InvariantCulture);
            }
        }
    }

    private static bool CanLink() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));

    [GeneratedRegex(@"Listening on (?<scheme>\w+)://[^:]+:(?<port>\d+)")]
    private static partial Regex Listening();
}
