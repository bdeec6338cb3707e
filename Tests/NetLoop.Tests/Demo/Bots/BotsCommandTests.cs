using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Bots;

[TestFixture]
public sealed class BotsCommandTests
{
    [TestCase("loop")]
    [TestCase("dedicated")]
    public async Task Bots_OnAServerOfAnotherProcess_LoseNothing(string handlers)
    {
        await using ChildProcess server = ChildProcess.NetLoop("server", "--tcp", "127.0.0.1:0", "--handlers", handlers);
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");

        ProcessResult bots = await ChildProcess.RunNetLoopAsync(
            "bots", "--connect", $"tcp://127.0.0.1:{port}", "--count", "50", "--rate", "20", "--duration", "2s", "--json");

        Assert.That(bots.ExitCode, Is.Zero, bots.ToString());
        using JsonDocument document = JsonDocument.Parse(bots.Output.Single());
        JsonElement summary = document.RootElement;
        Assert.That(summary.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(summary.GetProperty("sent").GetInt64(), Is.GreaterThan(50 * 20));
        Assert.That(summary.GetProperty("received").GetInt64(), Is.GreaterThan(50 * 60));
        Assert.That(summary.GetProperty("roundTrip").GetProperty("p99Milliseconds").GetDouble(), Is.Positive);
        await server.SignalAsync("INT");
        Assert.That((await server.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Bots_OverWebSocket_LoseNothing()
    {
        await using ChildProcess server = ChildProcess.NetLoop("server", "--ws", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on ws 127.0.0.1:");

        ProcessResult bots = await ChildProcess.RunNetLoopAsync("bots", "--connect", $"ws://127.0.0.1:{port}", "--count", "20", "--duration", "1s", "--json");

        Assert.That(bots.ExitCode, Is.Zero, bots.ToString());
        using JsonDocument document = JsonDocument.Parse(bots.Output.Single());
        Assert.That(document.RootElement.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(document.RootElement.GetProperty("received").GetInt64(), Is.GreaterThan(20));
    }

    [Test]
    public async Task Bots_NobodyListens_FailWithOneLineThatSaysSo()
    {
        ProcessResult bots = await ChildProcess.RunNetLoopAsync(
            "bots", "--connect", $"tcp://127.0.0.1:{FreePort.Find()}", "--count", "3", "--duration", "1s");

        Assert.That(bots.ExitCode, Is.EqualTo(1), bots.ToString());
        Assert.That(bots.Errors, Does.Contain("nobody listens on tcp://127.0.0.1:"));
    }

    [Test]
    public async Task Bots_ServerKilled_CountTheirSessionsAsLost()
    {
        await using ChildProcess server = ChildProcess.NetLoop("server", "--tcp", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        await using ChildProcess bots = ChildProcess.NetLoop("bots", "--connect", $"tcp://127.0.0.1:{port}", "--count", "5", "--duration", "30s");
        await bots.ExpectAsync("00:00:01");

        await server.SignalAsync("KILL");

        ProcessResult result = await bots.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
    }
}
