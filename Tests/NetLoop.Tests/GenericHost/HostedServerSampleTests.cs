using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using HostedServer;
using NetLoop.Tests.Demo;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.GenericHost;

/// <summary>The sample Demo/Samples/HostedServer, started as a person would start it.</summary>
public sealed partial class HostedServerSampleTests
{
    [Test]
    public async Task HostedServer_StartedWithItsAppSettings_StoresScoresAndStops()
    {
        await using ChildProcess server = Start();
        await using (NetClient client = await NetClient.ConnectAsync(await EndpointAsync(server)))
        {
            client.Send(new Scored("Ana", 3));
            client.Send(new Scored("Ana", 4));
            await server.ExpectAsync("info: HostedServer.ScoreModule[1] Ana has 7 points.");
            Standing standing = await client.RequestAsync(new AskStanding("Ana")).WaitAsync(TestHost.Patience);
            Assert.That(standing, Is.EqualTo(new Standing(7)));
        }

        await server.SignalAsync("TERM");
        ProcessResult result = await server.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    [Test]
    [Platform("Linux", Reason = "systemd is Linux's.")]
    public async Task HostedServer_UnderSystemd_SaysWhenItListensAndStops()
    {
        string directory = Directory.CreateTempSubdirectory("netloop-").FullName;
        try
        {
            using var notifications = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
            {
                ReceiveTimeout = (int)TestHost.Patience.TotalMilliseconds,
            };
            notifications.Bind(new UnixDomainSocketEndPoint($"{directory}/notify"));

            // The host takes a process named systemd as its parent for systemd: a shell of that name, which says what it has started.
            File.CreateSymbolicLink($"{directory}/systemd", "/bin/sh");
            const string Script = "\"$0\" \"$@\" & echo \"started $!\"; wait $!";
            await using ChildProcess server = ChildProcess.Start(
                $"{directory}/systemd", ["-c", $"export NOTIFY_SOCKET={directory}/notify; {Script}", "dotnet", .. Arguments()]);
            string process = (await server.ExpectAsync("started ")).Split(' ')[1];
            byte[] buffer = new byte[256];
            Assert.That(Encoding.ASCII.GetString(buffer, 0, notifications.Receive(buffer)), Does.StartWith("READY=1"));
            string line = await server.ExpectAsync("<6>NetLoop.Server[1001] Listening on tcp://"); // As the journal takes lines.
            await using NetClient client = await NetClient.ConnectAsync(Listening().Match(line).Groups["uri"].Value);
            await ChildProcess.RunAsync("kill", "-TERM", process);
            Assert.That(Encoding.ASCII.GetString(buffer, 0, notifications.Receive(buffer)), Does.StartWith("STOPPING=1"));
            Assert.That((await server.EndAsync()).ExitCode, Is.Zero);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test]
    public async Task HostedServer_WithACollector_ExportsMetricsAndTraces()
    {
        await using var collector = new OtlpReceiver();
        await using ChildProcess server = Start(
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}",
            "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "--OTEL_METRIC_EXPORT_INTERVAL=100",
            "--OTEL_BSP_SCHEDULE_DELAY=100");
        await using (NetClient client = await NetClient.ConnectAsync(await EndpointAsync(server)))
        {
            await client.RequestAsync(new AskStanding("Ana")).WaitAsync(TestHost.Patience);
        }

        await collector.ExpectAsync("/v1/metrics", "netloop.ticks");
        await collector.ExpectAsync("/v1/traces", "netloop.open");
        await collector.ExpectAsync("/v1/traces", "netloop.request AskStanding");
    }

    [Test]
    public async Task HostedServer_Prometheus_ReadsTheMetrics()
    {
        int port = FreePort.Find();
        await using ChildProcess server = Start($"--Prometheus:Port={port}");
        await EndpointAsync(server);
        using var http = new HttpClient();
        using var deadline = new CancellationTokenSource(ChildProcess.Deadline);
        string metrics;
        do
        {
            // A histogram has no series before the first tick.
            metrics = await http.GetStringAsync($"http://localhost:{port}/metrics", deadline.Token);
        }
        while (!metrics.Contains("netloop_tick_lateness_seconds_bucket{", StringComparison.Ordinal));

        Assert.That(metrics, Does.Contain("netloop_ticks_total{").And.Contain("netloop_sessions{"));
    }

    private static ChildProcess Start(params string[] arguments) => ChildProcess.Start("dotnet", Arguments(arguments));

    private static string[] Arguments(params string[] more)
    {
        string built = Path.Combine(
            Repository.Root, "Demo/Samples/HostedServer", Path.GetRelativePath(Path.Combine(Repository.Root, "Tests/NetLoop.Tests"), AppContext.BaseDirectory));
        return
        [
            Path.Combine(built, "HostedServer.dll"),
            "--NetLoop:Listeners:game:Endpoint=tcp://127.0.0.1:0",
            "--NetLoop:Listeners:web:Endpoint=ws://127.0.0.1:0",
            "--Logging:Console:FormatterName=simple",
            "--Logging:Console:FormatterOptions:SingleLine=true",
            $"--Prometheus:Port={FreePort.Find()}",
            .. more,
        ];
    }

    private static async Task<string> EndpointAsync(ChildProcess server)
    {
        Match tcp;
        do
        {
            tcp = Listening().Match(await server.ExpectAsync("info: NetLoop"));
        }
        while (!tcp.Success);

        return tcp.Groups["uri"].Value;
    }

    [GeneratedRegex(@"Listening on (?<uri>tcp://[^:]+:\d+)")]
    private static partial Regex Listening();
}
