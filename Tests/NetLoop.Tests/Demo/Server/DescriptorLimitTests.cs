using System.Collections.Concurrent;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Server;

/// <summary>Real processes with a low limit of open files: clients beyond it are rejected with a reason, and the server keeps running.</summary>
[TestFixture]
public sealed class DescriptorLimitTests
{
    private const string Demo = "netloop.dll";
    private const string TestServer = "NetLoop.TestServer.dll";

    /// <summary>Time between two attempts to connect after others have left.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [TestCase(48, "echo")]
    [TestCase(64, "bots", "--connect", "tcp://127.0.0.1:1")]
    [TestCase(90, "server")]
    [TestCase(128, "demo")]
    [TestCase(170, "classic", "server", "--host", "127.0.0.1", "--port", "0")]
    public async Task Run_LimitTooLow_IsOneLineAndExitCode2(int files, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.WithFileLimit(files, Demo, arguments);
        ProcessResult result = await process.EndAsync();

        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors, Does.StartWith("netloop: ").And.Contain("ulimit -n"));
        Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase(220, "echo")]
    [TestCase(512, "server", "--handlers", "dedicated")]
    public async Task Serve_MoreClientsThanDescriptors_RefusesThemAndWelcomesLater(int files, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.WithFileLimit(files, Demo, [.. arguments, "--tcp", "127.0.0.1:0"]);
        int port = await process.ExpectPortAsync("listening on tcp");

        await CrowdAsync(NetEndpoint.Tcp("127.0.0.1", port), files, static _ => Task.CompletedTask);

        await process.SignalAsync("TERM");
        ProcessResult result = await process.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    [TestCase(220, "loop", 1, "tcp")]
    [TestCase(256, "dedicated", 1, "ws")]
    [TestCase(256, "loop", 2, "unix")]
    [TestCase(1_024, "loop", 2, "tcp")]
    public async Task Serve_AuthenticatorAndOffloadedHandlers_EveryWelcomedClientIsAnswered(int files, string handlers, int loops, string transport)
    {
        string path = Path.Combine(Path.GetTempPath(), $"netloop-{Guid.NewGuid():N}.sock");
        await using ChildProcess process = ChildProcess.WithFileLimit(files, TestServer, handlers, $"{loops}", path);
        NetEndpoint endpoint = await ExpectEndpointAsync(process, transport);

        await CrowdAsync(endpoint, files, static async client =>
        {
            Quotient quotient = await client.RequestAsync(new Divide(6, 3), ChildProcess.Deadline);
            Assert.That(quotient.Value, Is.EqualTo(2));
        });

        await process.SignalAsync("TERM");
        ProcessResult result = await process.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    [Test]
    public async Task Serve_FirstClientsOfEveryKind_LoadsNoAssembly()
    {
        string path = Path.Combine(Path.GetTempPath(), $"netloop-{Guid.NewGuid():N}.sock");
        await using ChildProcess process = ChildProcess.WithFileLimit(1_024, TestServer, "loop", "1", path);
        NetEndpoint tcp = await ExpectEndpointAsync(process, "tcp");
        NetEndpoint webSocket = await ExpectEndpointAsync(process, "ws");
        NetEndpoint unix = await ExpectEndpointAsync(process, "unix");
        HashSet<string> before = LibrariesOf(process.Id);

        foreach (NetEndpoint endpoint in new[] { tcp, webSocket, unix })
        {
            await using NetClient client = await NetClient.ConnectAsync(endpoint).WaitAsync(ChildProcess.Deadline);
            await client.RequestAsync(new Divide(6, 3), ChildProcess.Deadline);
        }

        HashSet<string> after = LibrariesOf(process.Id);
        after.ExceptWith(before);
        Assert.That(after, Is.Empty, "loaded when the first clients came");
    }

    /// <summary>Connects more clients than there are descriptors, and disconnects them.</summary>
    private static async Task CrowdAsync(NetEndpoint endpoint, int files, Func<NetClient, Task> use)
    {
        const int AtOnce = 16;
        await using var loop = EventLoop.Start();
        var inside = new ConcurrentBag<NetClient>();
        var reasons = new ConcurrentBag<CloseReason>();
        int left = files;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                try
                {
                    inside.Add(await NetClient.ConnectAsync(endpoint, o => o.Loop = loop).WaitAsync(ChildProcess.Deadline));
                }
                catch (NetConnectException refusal)
                {
                    reasons.Add(refusal.Reason);
                }
            }
        }));

        Assert.That(inside, Is.Not.Empty, "welcomed");
        Assert.That(inside.Count, Is.GreaterThanOrEqualTo(files - 210), "welcomed: the server, its refusals and the runtime take no more than 210");
        Assert.That(reasons, Is.Not.Empty, "refused");
        if (endpoint.Scheme != EndpointScheme.WebSocket)
        {
            Assert.That(reasons, Does.Contain(CloseReason.ServerFull)); // A WebSocket is rejected before it opens, by its HTTP status.
        }

        await Task.WhenAll(inside.Select(use));
        await Task.WhenAll(inside.Select(static client => client.DisposeAsync().AsTask()));
        await ReturnAsync(endpoint, loop, use);
    }

    private static async Task ReturnAsync(NetEndpoint endpoint, EventLoop loop, Func<NetClient, Task> use)
    {
        using var patience = new CancellationTokenSource(ChildProcess.Deadline);
        while (true)
        {
            try
            {
                await using NetClient client = await NetClient.ConnectAsync(endpoint, o => o.Loop = loop).WaitAsync(patience.Token);
                await use(client);
                return;
            }
            catch (NetConnectException)
            {
                await Task.Delay(Pause, patience.Token); // The others are still disconnecting.
            }
        }
    }

    private static async Task<NetEndpoint> ExpectEndpointAsync(ChildProcess process, string transport)
    {
        const string Beginning = "listening on ";
        string line = await process.ExpectAsync($"{Beginning}{transport}:");
        return NetEndpoint.Parse(line[Beginning.Length..]);
    }

    private static HashSet<string> LibrariesOf(int process) =>
        [
            .. File.ReadLines($"/proc/{process}/maps")
                .Select(static line => line[(line.LastIndexOf(' ') + 1)..])
                .Where(static name => name.Contains(".dll", StringComparison.Ordinal) || name.Contains(".so", StringComparison.Ordinal))
        ];
}
