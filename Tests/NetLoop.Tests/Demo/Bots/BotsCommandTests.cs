using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Bots;

[TestFixture]
[Parallelizable]
public sealed class BotsCommandTests
{
    [TestCase("loop")]
    [TestCase("dedicated")]
    public async Task Bots_OnAServerOfAnotherProcess_LoseNothing(string handlers)
    {
        await using ChildProcess server = ChildProcess.NetLoop("server", "--tcp", "127.0.0.1:0", "--handlers", handlers);
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");

        ProcessResult bots = await RunForASecondAsync("--connect", $"tcp://127.0.0.1:{port}", "--count", "50", "--rate", "20");

        Assert.That(bots.ExitCode, Is.Zero, bots.ToString());
        using JsonDocument document = JsonDocument.Parse(bots.Output.Single());
        JsonElement summary = document.RootElement;
        Assert.That(summary.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(summary.GetProperty("sent").GetInt64(), Is.GreaterThan(50));
        Assert.That(summary.GetProperty("received").GetInt64(), Is.GreaterThan(50));
        Assert.That(summary.GetProperty("roundTrip").GetProperty("p99Milliseconds").GetDouble(), Is.Positive);
        await server.SignalAsync("TERM");
        Assert.That((await server.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Bots_OverWebSocket_LoseNothing()
    {
        await using ChildProcess server = ChildProcess.NetLoop("server", "--ws", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on ws 127.0.0.1:");

        ProcessResult bots = await RunForASecondAsync("--connect", $"ws://127.0.0.1:{port}", "--count", "20");

        Assert.That(bots.ExitCode, Is.Zero, bots.ToString());
        using JsonDocument document = JsonDocument.Parse(bots.Output.Single());
        Assert.That(document.RootElement.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(document.RootElement.GetProperty("received").GetInt64(), Is.GreaterThan(20));
    }

    [Test]
    public async Task Bots_NobodyListens_FailWithOneLineThatSaysSo()
    {
        ProcessResult bots = await ChildProcess.RunNetLoopAsync(
            "bots", "--connect", $"tcp://127.0.0.1:{FreePort.Find()}", "--count", "3", "--duration", "1m");

        Assert.That(bots.ExitCode, Is.EqualTo(1), bots.ToString());
        Assert.That(bots.Errors, Does.Contain("nobody listens on tcp://127.0.0.1:"));
    }

    [Test]
    public async Task Bots_ServerKilled_CountTheirSessionsAsLost()
    {
        await using ChildProcess server = ChildProcess.NetLoop("server", "--tcp", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        await using ChildProcess bots = ChildProcess.NetLoop("bots", "--connect", $"tcp://127.0.0.1:{port}", "--count", "5", "--duration", "10m");
        await bots.ExpectAsync("00:");

        await server.SignalAsync("KILL");

        ProcessResult result = await bots.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
    }

    [TestCase(false, "300ms")]
    [TestCase(false, "1ms")]
    [TestCase(true, "10s")]
    public async Task Bots_ServerThatSaysNothing_FailWithASummaryAndOneLine(bool resets, string duration)
    {
        await using var server = new MuteServer(resets);

        ProcessResult bots = await ChildProcess.RunNetLoopAsync("bots", "--connect", server.Uri, "--count", "3", "--duration", duration, "--json");

        Assert.That(bots.ExitCode, Is.EqualTo(1), bots.ToString());
        using JsonDocument document = JsonDocument.Parse(bots.Output.Single());
        JsonElement summary = document.RootElement;
        Assert.That(summary.GetProperty("connected").GetInt32(), Is.Zero);
        Assert.That(summary.GetProperty("isClean").GetBoolean(), Is.False);
        Assert.That(summary.GetProperty("lost").GetInt64(), Is.Positive);
        Assert.That(bots.Errors.Split('\n')[^1], Does.StartWith("netloop: ").And.Contain(server.Uri));
    }

    [Test]
    public async Task Client_ServerThatSaysNothing_FailsWithASummaryAndOneLine()
    {
        await using var server = new MuteServer(resets: false);

        ProcessResult client = await ChildProcess.RunNetLoopAsync("client", "--connect", server.Uri, "--duration", "300ms", "--json");

        Assert.That(client.ExitCode, Is.EqualTo(1), client.ToString());
        using JsonDocument document = JsonDocument.Parse(client.Output.Single());
        Assert.That(document.RootElement.GetProperty("closedBy").GetString(), Does.Contain(server.Uri));
        Assert.That(client.Errors.Split('\n')[^1], Does.StartWith("netloop: "));
    }

    [TestCase(false, "200ms")]
    [TestCase(true, "1m", Description = "It ends when the last connection does.")]
    public async Task Load_ServerThatSaysNothing_FailsWithASummary(bool resets, string duration)
    {
        await using var server = new MuteServer(resets);

        ProcessResult load = await ChildProcess.RunNetLoopAsync(
            "load", "--connect", server.Uri, "--connections", "3", "--warm-up", "10ms", "--duration", duration, "--json");

        Assert.That(load.ExitCode, Is.EqualTo(1), load.ToString());
        using JsonDocument document = JsonDocument.Parse(load.Output.Single());
        Assert.That(document.RootElement.GetProperty("messages").GetInt64(), Is.Zero);
        Assert.That(document.RootElement.GetProperty("lost").GetInt32(), Is.EqualTo(resets ? 3 : 0));
    }

    [Test]
    public async Task Load_NobodyListens_HasASummaryToo()
    {
        ProcessResult load = await ChildProcess.RunNetLoopAsync("load", "--connect", $"tcp://127.0.0.1:{FreePort.Find()}", "--connections", "3", "--json");

        Assert.That(load.ExitCode, Is.EqualTo(1), load.ToString());
        using JsonDocument document = JsonDocument.Parse(load.Output.Single());
        Assert.That(document.RootElement.GetProperty("lost").GetInt32(), Is.EqualTo(3));
        Assert.That(document.RootElement.GetProperty("firstFault").GetString(), Does.StartWith("nobody listens on "));
    }

    [Test]
    public async Task Demo_EndedBeforeItBegan_FailsWithASummary()
    {
        ProcessResult demo = await ChildProcess.RunNetLoopAsync("demo", "--no-page", "--tcp", "127.0.0.1:0", "--bots", "2", "--duration", "1ms", "--json");

        Assert.That(demo.ExitCode, Is.EqualTo(1), demo.ToString());
        using JsonDocument document = JsonDocument.Parse(demo.Output.Single());
        Assert.That(document.RootElement.GetProperty("bots").GetProperty("isClean").GetBoolean(), Is.False);
    }

    // A second after they have connected, which may be late on a busy machine.
    private static async Task<ProcessResult> RunForASecondAsync(params string[] arguments)
    {
        await using ChildProcess bots = ChildProcess.NetLoop(["bots", .. arguments, "--json"]);
        await bots.ExpectErrorAsync("00:");
        await bots.SignalAsync("TERM");
        return await bots.EndAsync();
    }
}
