using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Load;

[TestFixture]
[Parallelizable]
public sealed class LoadCommandTests
{
    [Test]
    public async Task Load_OnAnEchoOfAnotherProcess_LosesNothingAndMeasures()
    {
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0", "--hello", "none");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        string[][] loads =
        [
            ["--connections", "20", "--in-flight", "4"],
            ["--connections", "5", "--in-flight", "2", "--size", "1013"],
            ["--connections", "20", "--rate", "1000"],
        ];
        foreach (string[] load in loads)
        {
            using JsonDocument document = await MeasureAsync(port, [.. load, "--verify", "--pid", $"{server.Id}"]);
            JsonElement summary = document.RootElement;
            Assert.That(summary.GetProperty("messages").GetInt64(), Is.Positive);
            Assert.That(summary.GetProperty("wrong").GetInt64(), Is.Zero);
            Assert.That(summary.GetProperty("lost").GetInt64(), Is.Zero);
            Assert.That(summary.GetProperty("roundTrip").GetProperty("p999Milliseconds").GetDouble(), Is.Positive);
            Assert.That(summary.GetProperty("serverCores").ValueKind, Is.EqualTo(OperatingSystem.IsLinux() ? JsonValueKind.Number : JsonValueKind.Null));
        }

        await server.SignalAsync("TERM");
        Assert.That((await server.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Load_OnAnEchoThatProfiles_TwoCallsAMessageAtMostBesidesWaiting()
    {
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0", "--hello", "none", "--profile");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        ProcessResult result = await ChildProcess.RunNetLoopAsync(
            "load", "--connect", $"tcp://127.0.0.1:{port}", "--connections", "10", "--in-flight", "8", "--warm-up", "100ms", "--duration", "1s");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        await server.SignalAsync("TERM");

        ProcessResult served = await server.EndAsync();
        Assert.That(served.ExitCode, Is.Zero, served.ToString());
        string phases = served.Output.Single(line => line.StartsWith("waited ", StringComparison.Ordinal));
        Assert.That(phases, Does.Match("of the rest Clock .*Receive [1-9].*Handle .*Flush [1-9].*%"));
        string calls = served.Output.Single(line => line.StartsWith("calls a message: ", StringComparison.Ordinal));
        Assert.That(CallsOf(calls, "Receive"), Is.InRange(0.01, 1.05), calls);
        Assert.That(CallsOf(calls, "Send"), Is.InRange(0.01, 1.05), calls);
    }

    [Test]
    public async Task Load_ServerWantsHello_CountsItsConnectionsAsLost()
    {
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");

        ProcessResult result = await ChildProcess.RunNetLoopAsync("load", "--connect", $"tcp://127.0.0.1:{port}", "--connections", "3", "--duration", "1m");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.ToString(), Does.Contain("lost connections 3").And.Contain("--hello none"));
    }

    [Test]
    public async Task Load_NobodyListens_FailsWithOneLineThatSaysWhatToDo()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("load", "--connect", $"tcp://127.0.0.1:{FreePort.Find()}", "--duration", "1m");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Errors, Does.Contain("nobody listens on tcp://127.0.0.1:").And.Contain("netloop echo --hello none"));
    }

    // A machine that was stalled the whole time has measured nothing: try again for longer.
    private static async Task<JsonDocument> MeasureAsync(int port, string[] load)
    {
        for (int milliseconds = 300; ; milliseconds *= 8)
        {
            ProcessResult result = await ChildProcess.RunNetLoopAsync(
                ["load", "--connect", $"tcp://127.0.0.1:{port}", .. load, "--warm-up", "100ms", "--duration", $"{milliseconds}ms", "--json"]);
            Assert.That(result.ExitCode, Is.Zero, result.ToString());
            JsonDocument document = JsonDocument.Parse(result.Output.Single());
            if (milliseconds > 60_000 || document.RootElement.GetProperty("messages").GetInt64() > 0)
            {
                return document;
            }

            document.Dispose();
        }
    }

    private static double CallsOf(string line, string call) => double.Parse(
        line.Split(", ").Select(part => part.Split(' ')).Single(words => words[^2] == call)[^1], System.Globalization.CultureInfo.InvariantCulture);
}
