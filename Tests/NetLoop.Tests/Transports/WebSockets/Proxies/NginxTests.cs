using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets.Proxies;

/// <summary>nginx in front.</summary>
[TestFixture]
public sealed class NginxTests : ProxyTests
{
    // nginx closes the connection in order.
    private protected override CloseInfo Cut => new(CloseReason.Disconnected, "The stream ended without a close frame.", ByPeer: true);

    [Test]
    public async Task Upgrade_ProxyKeepsTheUpgradeHeaders_Gets426()
    {
        await StartAsync(configuration => Replace(configuration, "proxy_set_header Upgrade $http_upgrade;", ""));
        Assert.That(await TryOpenAsync(ReverseProxy.Host, origin: null), Does.Contain("'426'"));
        ExpectNoWarning();
    }

    private protected override Task<ReverseProxy> StartProxyAsync(Func<string, string>? change) => ReverseProxy.StartNginxAsync(ServerPort, change);

    private protected override string RewriteHost(string configuration) => Replace(configuration, "proxy_set_header Host $host;", "");

    private protected override string UseHttp10(string configuration) => Replace(configuration, "proxy_http_version 1.1;", "proxy_http_version 1.0;");

    private protected override string ShortenTimeout(string configuration) => Replace(configuration, "proxy_read_timeout 60s;", "proxy_read_timeout 100ms;");
}
