using System.Globalization;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Classic;

/// <summary>The first tutorial: our server and client with each other, and each with the tutorial's own program.</summary>
[TestFixture]
[Parallelizable]
public sealed class ClassicTests
{
    [Test]
    public async Task Server_WithItsOwnClient_PrintsAndAnswersAsTheTutorialDoes()
    {
        await using ChildProcess server = ChildProcess.NetLoop("classic", "server", "--host", "127.0.0.1", "--port", "0");
        string port = await PortAsync(server);

        ProcessResult client = await ChildProcess.RunNetLoopAsync("classic", "client", "--host", "127.0.0.1", "--port", port, "--send", "SYN");
        await AssertServedAsync(server, "SYN");

        Assert.That(client.ExitCode, Is.Zero, client.ToString());
        Assert.That(client.Output, Is.EqualTo(new[] { "ACK!" }));
    }

    [Test]
    public async Task Server_WithTheTutorialsClient_AnswersIt()
    {
        Python.Require();
        await using ChildProcess server = ChildProcess.NetLoop("classic", "server", "--host", "127.0.0.1", "--port", "0");
        string port = await PortAsync(server);

        await using ChildProcess client = Python.Tutorial("tcp_client.py", "127.0.0.1", port, "SYN");
        ProcessResult result = await client.EndAsync();
        await AssertServedAsync(server, "SYN");

        Assert.That(result.Output, Is.EqualTo(new[] { "ACK!" }), result.ToString());
    }

    [Test]
    public async Task Client_OfTheTutorialsServer_GetsItsAnswer()
    {
        Python.Require();
        await using ChildProcess server = Python.Tutorial("tcp_server.py", "127.0.0.1", "0");
        string port = await PortAsync(server);

        ProcessResult client = await ChildProcess.RunNetLoopAsync("classic", "client", "--host", "127.0.0.1", "--port", port);

        Assert.That(client.ExitCode, Is.Zero, client.ToString());
        Assert.That(client.Output, Is.EqualTo(new[] { "ACK!" }));
        await server.ExpectAsync("[*] Received: SYN");
    }

    [Test]
    public async Task Client_NobodyListens_SaysSoAndFails()
    {
        ProcessResult client = await ChildProcess.RunNetLoopAsync(
            "classic", "client", "--host", "127.0.0.1", "--port", FreePort.Find().ToString(CultureInfo.InvariantCulture));

        Assert.That(client.ExitCode, Is.EqualTo(1), client.ToString());
        Assert.That(client.Errors.Split('\n'), Has.Length.EqualTo(1), client.Errors);
    }

    private static async Task<string> PortAsync(ChildProcess server) =>
        (await server.ExpectPortAsync("[*] Listening on 127.0.0.1:")).ToString(CultureInfo.InvariantCulture);

    private static async Task AssertServedAsync(ChildProcess server, string text)
    {
        await server.ExpectAsync("[*] Accepted connection from: 127.0.0.1:");
        Assert.That(await server.ExpectAsync("[*] Received: "), Is.EqualTo($"[*] Received: {text}"));
        await server.SignalAsync("TERM");
        ProcessResult result = await server.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Has.Count.EqualTo(3), "nothing but the tutorial's lines");
    }
}
