using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Showcase;

[TestFixture]
public sealed class DemoCommandTests
{
    [Test]
    public async Task Demo_WithBots_LosesNothing()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("--tcp", "127.0.0.1:0", "--bots", "50", "--duration", "2s", "--json");

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        using JsonDocument document = JsonDocument.Parse(result.Output.Single());
        JsonElement bots = document.RootElement.GetProperty("bots");
        Assert.That(bots.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(bots.GetProperty("received").GetInt64(), Is.GreaterThan(50 * 60));
        Assert.That(document.RootElement.GetProperty("server").GetProperty("lost").GetInt64(), Is.Zero);
    }

    [Test]
    public async Task Demo_OnAPipe_PrintsALineASecondAndASummary()
    {
        await using ChildProcess demo = ChildProcess.NetLoop("demo", "--tcp", "127.0.0.1:0", "--bots", "20");
        await demo.ExpectAsync("listening on tcp 127.0.0.1:");
        await demo.ExpectAsync("00:00:01");
        await demo.ExpectAsync("00:00:02");

        await demo.SignalAsync("INT");

        ProcessResult result = await demo.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output[^1], Does.Contain("lost 0"));
    }
}
