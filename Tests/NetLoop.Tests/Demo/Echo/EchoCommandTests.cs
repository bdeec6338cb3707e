using NUnit.Framework;

namespace NetLoop.Tests.Demo.Echo;

[TestFixture]
[Parallelizable]
public sealed class EchoCommandTests
{
    [TestCase("loop", "epoll")]
    [TestCase("loop", "poll")]
    [TestCase("loop", "select")]
    [TestCase("dedicated", "epoll")]
    public async Task Echo_WithAClientInAnotherLanguage_AnswersEverything(string handlers, string poller)
    {
        Python.Require();
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0", "--handlers", handlers, "--poller", poller);
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");

        await AssertPlaysAsync(Python.Client($"tcp://127.0.0.1:{port}", "--moves", "1000", "--divide", "7", "2", "--say", "hello"));
        await AssertDrainsAsync(server);
    }

    [Test]
    public async Task Echo_WithoutHello_TakesAnyBodyFirst()
    {
        Python.Require();
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0", "--hello", "none");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");

        await AssertPlaysAsync(Python.Client($"tcp://127.0.0.1:{port}", "--hello", "none", "--moves", "1000", "--divide", "7", "2"));
        await AssertDrainsAsync(server);
    }

    [TestCase("epoll")]
    [TestCase("select")]
    public async Task Echo_OverUdpWithAClientInAnotherLanguage_AnswersEverything(string poller)
    {
        Python.Require("cryptography");
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--udp", "127.0.0.1:0", "--poller", poller);
        int port = await server.ExpectPortAsync("listening on udp 127.0.0.1:");

        // 5,000 bytes are cut into segments, on the way to the server and on the way back.
        string address = $"udp://127.0.0.1:{port}";
        await AssertPlaysAsync(Python.UdpClient(address, "--moves", "500", "--divide", "7", "2", "--say", new string('x', 5_000)));
        await AssertDrainsAsync(server);
    }

    [Test]
    public async Task Divide_ByZero_IsTheApplicationsError()
    {
        Python.Require();
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");

        await using ChildProcess client = Python.Client($"tcp://127.0.0.1:{port}", "--divide", "1", "0");
        ProcessResult result = await client.EndAsync();

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Has.Some.EqualTo("divide: 1 / 0 is error 1000: division by zero"));
    }

    [Test]
    public async Task Unix_StaleFile_IsReplacedAndALiveOneRefused()
    {
        Python.Require();
        string path = Path.Combine(Path.GetTempPath(), $"netloop-{Environment.ProcessId}.sock");
        File.Delete(path);
        await using (ChildProcess crashing = ChildProcess.NetLoop("echo", "--unix", path))
        {
            await crashing.ExpectAsync($"listening on unix {path}");
            await crashing.SignalAsync("KILL");
            await crashing.EndAsync();
        }

        Assert.That(File.Exists(path), "a crash leaves the file behind");
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--unix", path);
        await server.ExpectAsync($"listening on unix {path}");

        ProcessResult second = await ChildProcess.RunNetLoopAsync("echo", "--unix", path);
        Assert.That(second.ExitCode, Is.EqualTo(2), second.ToString());
        Assert.That(second.Errors.Split('\n'), Has.Length.EqualTo(1), second.Errors);
        Assert.That(second.Errors, Does.Contain(path).And.Contain($"process {server.Id}"));

        await AssertPlaysAsync(Python.Client($"unix://{path}", "--moves", "100", "--say", "over a file"));
        await AssertDrainsAsync(server);
        Assert.That(File.Exists(path), Is.False, "the server removes its file");
    }

    private static async Task AssertPlaysAsync(ChildProcess client)
    {
        await using (client)
        {
            ProcessResult result = await client.EndAsync();
            Assert.That(result.ExitCode, Is.Zero, result.ToString());
            Assert.That(result.Output, Has.Some.StartsWith("moves: "));
        }
    }

    private static async Task AssertDrainsAsync(ChildProcess server)
    {
        await server.SignalAsync("TERM");
        ProcessResult result = await server.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Errors, Is.Empty);
    }
}
