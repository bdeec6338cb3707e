using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Relay;

[TestFixture]
[Parallelizable]
public sealed class RelayCommandTests
{
    [Test]
    public async Task Bots_ThroughARelay_LoseNothingReliableAndCountWhatIsSkipped()
    {
        int port = FreePort.Find();
        await using ChildProcess server = ChildProcess.NetLoop("server", "--udp", "127.0.0.1:0", "--udp-public", $"127.0.0.1:{port}");
        int serverPort = await server.ExpectPortAsync("listening on udp 127.0.0.1:");
        await using ChildProcess relay = ChildProcess.NetLoop(
            "relay", "--listen", $"{port}", "--to", $"{serverPort}", "--loss", "20%", "--duplicate", "10%", "--latency", "5ms", "--jitter", "3ms", "--json");
        await relay.ExpectErrorAsync($"relaying udp 127.0.0.1:{port} to 127.0.0.1:{serverPort}");
        await using ChildProcess bots = ChildProcess.NetLoop("bots", "--connect", $"udp://127.0.0.1:{serverPort}", "--count", "20", "--json");
        await bots.ExpectErrorAsync("00:");
        await bots.SignalAsync("TERM");

        ProcessResult played = await bots.EndAsync();
        await relay.SignalAsync("TERM");
        ProcessResult relayed = await relay.EndAsync();

        Assert.That(played.ExitCode, Is.Zero, played.ToString());
        using JsonDocument summary = JsonDocument.Parse(played.Output.Single());
        Assert.That(summary.RootElement.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(summary.RootElement.GetProperty("wrong").GetInt64(), Is.Zero);
        Assert.That(summary.RootElement.GetProperty("snapshotsSkipped").GetInt64(), Is.Positive);
        Assert.That(relayed.ExitCode, Is.Zero, relayed.ToString());
        using JsonDocument network = JsonDocument.Parse(relayed.Output.Single());
        Assert.That(network.RootElement.GetProperty("toServer").GetProperty("lost").GetInt64(), Is.Positive);
        Assert.That(network.RootElement.GetProperty("toClient").GetProperty("duplicated").GetInt64(), Is.Positive);
        await server.SignalAsync("TERM");
        Assert.That((await server.EndAsync()).ExitCode, Is.Zero);
    }
}
