using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets.Proxies;

/// <summary>HAProxy in front.</summary>
[TestFixture]
public sealed class HAProxyTests : ProxyTests
{
    private const string Checks = "option httpchk GET /healthz\n";

    // HAProxy resets the connection.
    private protected override CloseInfo Cut => new(CloseReason.TransportError, "ConnectionReset", ByPeer: true);

    [Test]
    public async Task Check_HealthPath_IsUpUntilTheServerStops()
    {
        await StartAsync(CheckOften);
        await AwaitCheckAsync("L7OK", "UP");
        await AwaitAcceptsAsync(10);
        ExpectNoWarning();
        await Server.StopAsync();
        await AwaitCheckAsync("L4CON", "DOWN");
    }

    [Test]
    public async Task Check_ServerHasNoHealthPath_IsDown()
    {
        await StartAsync(CheckOften, l => l.WebSocket.HealthPath = null);
        await AwaitCheckAsync("L7STS", "DOWN");
        ExpectNoWarning();
    }

    // Without "linger", HAProxy resets a connection that the kernel has not given to the server yet.
    [TestCase("")]
    [TestCase("option tcp-check\n    tcp-check connect linger\n")]
    public async Task Check_ConnectsAndCloses_IsUpAndLeavesNoWarning(string check)
    {
        await StartAsync(configuration => CheckOften(Replace(configuration, Checks, check)));
        await AwaitCheckAsync("L4OK", "UP");
        await AwaitAcceptsAsync(check.Length == 0 ? 0 : 20);
        ExpectNoWarning();
        Assert.That(Server.GetStatistics().Rejected, Is.Zero);
    }

    private protected override Task<ReverseProxy> StartProxyAsync(Func<string, string>? change) => ReverseProxy.StartHAProxyAsync(ServerPort, change);

    private protected override string RewriteHost(string configuration) =>
        Replace(configuration, "default_backend game\n", "default_backend game\n    http-request set-header Host 127.0.0.1\n");

    // What HAProxy sends is always HTTP/1.1 in form; a proxy of HTTP/1.0 drops the upgrade.
    private protected override string UseHttp10(string configuration) =>
        Replace(configuration, "default_backend game\n", "default_backend game\n    http-request del-header Upgrade\n    http-request del-header Connection\n");

    private protected override string ShortenTimeout(string configuration) => Replace(configuration, "timeout tunnel 60s", "timeout tunnel 100ms");

    private static string CheckOften(string configuration) => Replace(configuration, "inter 2s", "inter 50ms");

    private async Task AwaitCheckAsync(string check, string status)
    {
        using var deadline = new CancellationTokenSource(TestHost.Patience);
        while (Proxy.Statistic("check_status").TrimStart('*', ' ') != check || !Proxy.Statistic("status").StartsWith(status, StringComparison.Ordinal))
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, () => $"{Proxy.Statistic("check_status")}, {Proxy.Statistic("status")}");
            await Task.Yield();
        }
    }

    private async Task AwaitAcceptsAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TestHost.Patience);
        while (Server.GetStatistics().Accepts < count)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False);
            await Task.Yield();
        }
    }
}
