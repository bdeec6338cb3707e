using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Showcase;

[TestFixture]
[Parallelizable]
public sealed class DemoCommandTests
{
    [Test]
    public async Task Demo_WithBots_LosesNothing()
    {
        await using ChildProcess demo = ChildProcess.NetLoop("--no-page", "--tcp", "127.0.0.1:0", "--bots", "50", "--json");
        await demo.ExpectErrorAsync("00:");
        await demo.SignalAsync("TERM");
        ProcessResult result = await demo.EndAsync();

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        using JsonDocument document = JsonDocument.Parse(result.Output.Single());
        JsonElement bots = document.RootElement.GetProperty("bots");
        Assert.That(bots.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(bots.GetProperty("received").GetInt64(), Is.GreaterThan(50));
        Assert.That(document.RootElement.GetProperty("server").GetProperty("lost").GetInt64(), Is.Zero);
    }

    [Test]
    public async Task Demo_OnAPipe_PrintsALineASecondAndASummary()
    {
        await using ChildProcess demo = ChildProcess.NetLoop("demo", "--no-page", "--tcp", "127.0.0.1:0", "--bots", "20");
        await demo.ExpectAsync("listening on tcp 127.0.0.1:");
        await demo.ExpectAsync("00:");
        await demo.ExpectAsync("00:");

        await demo.SignalAsync("TERM");

        ProcessResult result = await demo.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output[^1], Is.EqualTo("wrong 0; lost 0"));
        foreach (string line in result.Output)
        {
            Assert.That(line.Split("lost ").Length, Is.LessThanOrEqualTo(2), line);
        }
    }

    [Test]
    public async Task Demo_PortOfThePageIsTaken_IsOneLineThatSaysByWhom()
    {
        await using NetServer holder = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0));
        holder.Start();
        int port = holder.Endpoints[0].Port;

        ProcessResult result = await ChildProcess.RunNetLoopAsync("--tcp", "127.0.0.1:0", "--ws", "127.0.0.1:0", "--page", $"127.0.0.1:{port}");

        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(1));
        Assert.That(result.Errors, Does.StartWith($"netloop: port {port} is held by process {Environment.ProcessId} ").And.Contain("--no-page"));
    }
}
