using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.GenericHost;

[Parallelizable]
public sealed class ServerHealthCheckTests
{
    [Test]
    public async Task Check_EachStateOfTheServer_IsReported()
    {
        using IHost host = Build(TestHost.Patience);
        Assert.That(await CheckAsync(host), Is.EqualTo((HealthStatus.Unhealthy, "The server has not started.")));

        await host.StartAsync();
        Assert.That(await CheckAsync(host), Is.EqualTo((HealthStatus.Healthy, "The server is running.")));

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.That(await CheckAsync(host), Is.EqualTo((HealthStatus.Unhealthy, "The server is stopping.")));

        await host.StopAsync();
        Assert.That(await CheckAsync(host), Is.EqualTo((HealthStatus.Unhealthy, "The server has stopped.")));
    }

    [Test]
    public async Task Check_LoopIsBlocked_SaysSoUntilItGoesOn()
    {
        using IHost host = Build(TimeSpan.FromMilliseconds(1));
        await host.StartAsync();
        using var gate = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        NetServer server = host.Services.GetRequiredService<NetServer>();
        server.Post(() =>
        {
            blocked.SetResult();
            gate.Wait();
        });
        await blocked.Task.WaitAsync(TestHost.Patience);

        for (int i = 0; i < 3; i++)
        {
            Assert.That(await CheckAsync(host), Is.EqualTo((HealthStatus.Unhealthy, "The loop is stalled: it has run no action for 0.001 s.")));
        }

        // One probe was posted for the three checks; once it has run, the next check is for a loop that works.
        Task probe = host.Services.GetRequiredService<ServerState>().ProbeAsync(server);
        gate.Set();
        await probe.WaitAsync(TestHost.Patience);
        await host.StopAsync();
    }

    [Test]
    public async Task Check_FailureStatusIsGiven_IsReported()
    {
        using IHost host = Build(TestHost.Patience, HealthStatus.Degraded);
        Assert.That((await CheckAsync(host)).Status, Is.EqualTo(HealthStatus.Degraded));
    }

    [Test]
    public void AddNetLoop_NoTimeForTheLoop_IsRefused() =>
        Assert.That(() => new ServiceCollection().AddHealthChecks().AddNetLoop(stalledAfter: TimeSpan.Zero), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static IHost Build(TimeSpan stalledAfter, HealthStatus? failureStatus = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddNetLoop(o => o.ListenTcp("127.0.0.1", 0));
        builder.Services.AddHealthChecks().AddNetLoop(failureStatus: failureStatus, stalledAfter: stalledAfter);
        return builder.Build();
    }

    private static async Task<(HealthStatus Status, string? Description)> CheckAsync(IHost host)
    {
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(TestHost.Patience);
        HealthReportEntry entry = report.Entries["netloop"];
        return (entry.Status, entry.Description);
    }
}
