using NUnit.Framework;

namespace NetLoop.Tests.Demo.Showcase;

[Parallelizable]
public sealed class OtlpExportTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Demo_WithACollector_ExportsMetricsAndTraces(bool isOption)
    {
        await using var collector = new OtlpReceiver();
        string[] arguments = ["demo", "--no-page", "--tcp", "127.0.0.1:0", "--bots", "3"];
        await using ChildProcess demo = isOption
            ? ChildProcess.NetLoop([.. arguments, "--otlp", collector.Address])
            : ChildProcess.NetLoopWith("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address, arguments);
        ProcessResult result = await EndAsync(demo);
        Assert.Multiple(() =>
        {
            foreach (string metric in new[] { "NetLoop", "netloop.ticks", "netloop.sessions", "netloop.tick.lateness", "service.name" })
            {
                Assert.That(collector.Has("/v1/metrics", metric), Is.True, metric);
            }

            foreach (string span in new[] { "NetLoop", "netloop.open", "netloop.connect", "network.peer.address", "service.name" })
            {
                Assert.That(collector.Has("/v1/traces", span), Is.True, span);
            }
        });
        Assert.That(string.Join('\n', result.Output), Does.Not.Contain("collector"));
    }

    [Test]
    public async Task Demo_CollectorDoesNotListen_SaysSo()
    {
        await using ChildProcess demo = ChildProcess.NetLoop(
            "demo", "--no-page", "--tcp", "127.0.0.1:0", "--bots", "3", "--otlp", $"http://127.0.0.1:{FreePort.Find()}");
        ProcessResult result = await EndAsync(demo);
        Assert.That(string.Join('\n', result.Output), Does.Contain("the OpenTelemetry collector does not accept the metrics"));
    }

    [Test]
    public async Task Otlp_NoUrl_IsOneLineThatSaysWhatToWrite()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("demo", "--otlp", "localhost:4318");
        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Errors, Does.StartWith("netloop: --otlp 'localhost:4318' is not the address of a collector"));
    }

    private static async Task<ProcessResult> EndAsync(ChildProcess demo)
    {
        await demo.ExpectAsync("00:");
        await demo.SignalAsync("TERM");
        ProcessResult result = await demo.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result;
    }
}
