using System.Security.Cryptography.X509Certificates;
using NetLoop.Demo.Certificates;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>The common part of tests with real sockets: port 0, buffer diagnostics, and the check that nothing is left behind.</summary>
internal static class TestHost
{
    /// <summary>Timeout for waits that should take milliseconds; only a hang reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The certificate of listeners that are encrypted, which clients of <see cref="ConnectAsync"/> trust.</summary>
    public static X509Certificate2 Certificate { get; } = DevelopmentCertificate.Create();

    public static void SkipUnlessAvailable(PollerKind poller)
    {
        if (poller is PollerKind.Epoll or PollerKind.Poll && !OperatingSystem.IsLinux())
        {
            Assert.Ignore($"{poller} exists on Linux only.");
        }
    }

    public static NetServer CreateServer(Action<NetServerOptions> configure) =>
        NetServer.Create(o =>
        {
            o.BufferDiagnostics = true;
            o.DrainTimeout = TimeSpan.FromSeconds(5);
            configure(o);
        });

    public static Task<NetClient> ConnectAsync(NetServer server, Action<NetClientOptions>? configure = null) =>
        NetClient.ConnectAsync(server.Endpoints[0], o =>
        {
            o.LoopOptions.BufferDiagnostics = true;
            o.Tls.TrustedRoots = server.Endpoints[0].IsEncrypted ? [Certificate] : null;
            configure?.Invoke(o);
        }).WaitAsync(Patience);

    /// <summary>Stops a server and checks that it leaves no connection, session, lease or timer behind.</summary>
    public static async Task StopAndCheckAsync(NetServer server)
    {
        await server.StopAsync().WaitAsync(Patience);
        LoopStatistics statistics = server.GetStatistics();
        Assert.Multiple(() =>
        {
            Assert.That(statistics.Connections, Is.Zero, "connections left");
            Assert.That(statistics.Sessions, Is.Zero, "sessions left");
            Assert.That(statistics.Buffers.RentedLeases, Is.Zero, "leases left: " + string.Join(", ", server.Core.Pool.OutstandingOwners()));
            Assert.That(server.Loops.Sum(loop => loop.Core.Transport.Timers.Count), Is.Zero, "timers left");
            Assert.That(statistics.SendQueueBytes, Is.Zero, "send queue bytes left");
        });
    }
}
