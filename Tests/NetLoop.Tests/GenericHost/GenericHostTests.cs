using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NetLoopServer;
using NUnit.Framework;

namespace NetLoop.Tests.GenericHost;

/// <summary>A server in a real generic host.</summary>
[Parallelizable]
public sealed class GenericHostTests
{
    [Test]
    public async Task Host_WithConfigurationAndModule_ServesAndSaysGoodbye()
    {
        using IHost host = Build(services => services.AddNetLoop().AddModule<HallModule>(), ("Listeners:0:Endpoint", "tcp://127.0.0.1:0"));
        await host.StartAsync();
        NetServer server = host.Services.GetRequiredService<NetServer>();
        var shouts = new TaskCompletionSource<string>();
        await using NetClient client = await NetClient.ConnectAsync(
            server.Endpoints[0], o => o.Handlers = new HandlerTable().On<Shout>((session, in shout) => shouts.SetResult(shout.Text)));
        client.Send(new Shout("hello"));
        Assert.That(await shouts.Task.WaitAsync(TestHost.Patience), Is.EqualTo("hello"));

        await host.StopAsync().WaitAsync(TestHost.Patience);
        Assert.That((await client.Closed.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.ServerStopping));
        Assert.That(server.Completion.IsCompletedSuccessfully);
    }

    [Test]
    public async Task AddNetLoop_CodeAndConfiguration_CodeHasTheLastWord()
    {
        int? configured = null;
        NetServerOptions? options = null;
        using IHost host = Build(
            services =>
            {
                services.AddNetLoop(o =>
                {
                    configured = o.TickRate;
                    o.TickRate = 30;
                });
                services.AddNetLoop().Configure((_, o) => options = o);
            },
            ("TickRate", "20"));
        _ = host.Services.GetRequiredService<NetServer>();
        Assert.That((configured, options!.TickRate), Is.EqualTo((20, 30)));
        Assert.That(host.Services.GetServices<IHostedService>().Count(), Is.EqualTo(1));
        await Task.CompletedTask;
    }

    [Test]
    public async Task AddNetLoop_ListenersOfTheConfiguration_GetFiltersAndAnAuthenticatorInCode()
    {
        using IHost host = Build(
            services =>
            {
                services.AddNetLoop().AddModule<HallModule>().Configure((_, o) =>
                {
                    o.Authenticate = (request, _) => ValueTask.FromResult(
                        request.Token.Length > 0 ? AuthenticationResult.Accept() : AuthenticationResult.Reject("The token is missing."));
                    o.Listeners.Single(listener => listener.Name == "web")
                        .Use((_, _) => throw new RequestException(ErrorCode.Unauthorized, "Not from the web."));
                });
            },
            ("Listeners:game:Endpoint", "tcp://127.0.0.1:0"),
            ("Listeners:web:Endpoint", "ws://127.0.0.1:0"));
        await host.StartAsync();
        NetServer server = host.Services.GetRequiredService<NetServer>();
        NetEndpoint web = server.Endpoints.Single(endpoint => endpoint.Scheme == EndpointScheme.WebSocket);
        NetEndpoint game = server.Endpoints.Single(endpoint => endpoint.Scheme == EndpointScheme.Plain);
        Assert.That(() => NetClient.ConnectAsync(game), Throws.TypeOf<NetConnectException>().With.Message.Contains("The token is missing."));
        await using NetClient player = await NetClient.ConnectAsync(game, o => o.Token = new byte[] { 1 });
        await using NetClient page = await NetClient.ConnectAsync(web, o => o.Token = new byte[] { 1 });
        Assert.That((await player.RequestAsync(new CountShouts()).WaitAsync(TestHost.Patience)).Shouts, Is.Zero);
        Assert.That(
            () => page.RequestAsync(new CountShouts()).WaitAsync(TestHost.Patience),
            Throws.TypeOf<RequestException>().With.Message.EqualTo("Not from the web."));
    }

    [Test]
    public async Task Run_LoopFails_StopsTheHostWithItsException()
    {
        using IHost host = Build(services => services.AddNetLoop(o => o.ListenTcp("127.0.0.1", 0)));
        var failure = new InvalidOperationException("thrown by a test");
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(
            () => Fail(host.Services.GetRequiredService<NetServer>(), failure));
        Exception? ended = await host.RunAsync().WaitAsync(TestHost.Patience).ContinueWith(static run => run.Exception?.InnerException);
        Assert.That(ended, Is.SameAs(failure), "a program that awaits RunAsync ends with an exit code that says so");
    }

    [Test]
    public async Task HealthCheck_LoopHasFailed_IsUnhealthyWithItsException()
    {
        IHost host = Build(services =>
        {
            services.AddLogging();
            services.AddNetLoop(o => o.ListenTcp("127.0.0.1", 0));
            services.AddHealthChecks().AddNetLoop();
        });
        await host.StartAsync();
        var stopping = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        var failure = new InvalidOperationException("thrown by a test");
        Fail(host.Services.GetRequiredService<NetServer>(), failure);
        await stopping.Task.WaitAsync(TestHost.Patience);

        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(TestHost.Patience);
        HealthReportEntry entry = report.Entries["netloop"];
        Assert.That((entry.Status, entry.Description), Is.EqualTo((HealthStatus.Unhealthy, "The server has failed.")));
        Assert.That(entry.Exception, Is.SameAs(failure));
        Assert.That(() => host.StopAsync(), Throws.InvalidOperationException);
        Assert.That(host.Dispose, Throws.InvalidOperationException, "the server's own disposal throws it too");
    }

    [Test]
    public void Start_WrongConfiguration_FailsWithTheKey()
    {
        using IHost host = Build(services => services.AddNetLoop(), ("Listeners:0:Endpoint", "tcp://127.0.0.1:0"), ("Listeners:0:Backlog", "0"));
        Assert.That(
            () => host.StartAsync(),
            Throws.TypeOf<NetConfigurationException>().With.Message.EqualTo("NetLoop:Listeners:0:Backlog is 0; allowed: 1 to 65535."));
    }

    [Test]
    public async Task Start_PortIsTaken_FailsWithTheReason()
    {
        await using NetServer other = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        other.Start();
        using IHost host = Build(services => services.AddNetLoop(o => o.ListenTcp("127.0.0.1", other.Endpoints[0].Port)));
        Assert.That(() => host.StartAsync(), Throws.TypeOf<NetListenException>());
    }

    [TestCase(10, 8)]
    [TestCase(100, 20)]
    [TestCase(-0.001, 20)] // Infinite.
    public void DrainTimeout_LongerThanTheHostsShutdown_EndsBeforeIt(double shutdownSeconds, double drainSeconds)
    {
        NetServerOptions? options = null;
        using IHost host = Build(services =>
        {
            services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(shutdownSeconds));
            services.AddNetLoop(o =>
            {
                o.DrainTimeout = TimeSpan.FromSeconds(20);
                options = o;
            });
        });
        _ = host.Services.GetRequiredService<NetServer>();
        Assert.That(options!.DrainTimeout, Is.EqualTo(TimeSpan.FromSeconds(drainSeconds)));
    }

    [Test]
    public async Task Stop_HostHasNoTimeLeft_EndsAtOnce()
    {
        var called = new TaskCompletionSource();
        using IHost host = Build(services =>
        {
            services.Configure<HostOptions>(o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan);
            services.AddNetLoop(o =>
            {
                o.ListenTcp("127.0.0.1", 0);
                o.DrainTimeout = TimeSpan.FromHours(1);
            }).ConfigureServer((_, server) => server.On<Shout>(async (session, shout) =>
            {
                called.SetResult();
                await new TaskCompletionSource().Task;
            }));
        });
        await host.StartAsync();
        await using NetClient client = await NetClient.ConnectAsync(host.Services.GetRequiredService<NetServer>().Endpoints[0]);
        client.Send(new Shout("never handled"));
        await called.Task.WaitAsync(TestHost.Patience);

        using var timeout = new CancellationTokenSource();
        Task stopping = host.Services.GetServices<IHostedService>().Single().StopAsync(timeout.Token);
        await timeout.CancelAsync();
        await stopping.WaitAsync(TestHost.Patience);
    }

    [Test]
    public async Task OnScoped_EachMessage_HasAScopeThatEndsWithItsHandler()
    {
        var seen = new Seen();
        using IHost host = Build(services =>
        {
            services.AddSingleton(seen);
            services.AddScoped<Unit>();
            services.AddNetLoop(o => o.ListenTcp("127.0.0.1", 0)).AddModule<ScopedModule>();
        });
        await host.StartAsync();
        await using NetClient client = await NetClient.ConnectAsync(host.Services.GetRequiredService<NetServer>().Endpoints[0]);
        client.Send(new Shout("a"));
        client.Send(new Shout("b"));
        Census census = await client.RequestAsync(new CountShouts()).WaitAsync(TestHost.Patience);

        Assert.That(census, Is.EqualTo(new Census(Sessions: 3, Shouts: 2)));
        await host.StopAsync();
        Assert.That((seen.Created, seen.Disposed, seen.Used), Is.EqualTo((3, 3, 2)));
    }

    /// <summary>Makes a loop fail, as a bug of the engine would: a command of its own throws.</summary>
    private static void Fail(NetServer server, Exception failure) =>
        server.Core.CommandQueue.Write(new LoopCommand(new FailingTarget(failure)));

    private static IHost Build(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"NetLoop:{setting.Key}", (string?)setting.Value)));
        add(builder.Services);
        return builder.Build();
    }

    private sealed class FailingTarget(Exception failure) : ICommandTarget
    {
        public void OnCommand(in LoopCommand item) => throw failure;
    }

    private sealed class Seen
    {
        public int Created { get; set; }

        public int Disposed { get; set; }

        public int Used { get; set; }
    }

    private sealed class Unit : IAsyncDisposable
    {
        private readonly Seen _seen;
        private bool _isDisposed;

        public Unit(Seen seen)
        {
            _seen = seen;
            seen.Created++;
        }

        public void Use()
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _seen.Used++;
        }

        public ValueTask DisposeAsync()
        {
            _isDisposed = true;
            _seen.Disposed++;
            return ValueTask.CompletedTask;
        }
    }

    // On the loop's thread alone, so nothing here needs a lock.
    private sealed class ScopedModule(IServiceScopeFactory scopes, Seen seen) : IHandlerModule
    {
        public void Register(HandlerTable handlers)
        {
            handlers.OnScoped<Shout, Unit>(scopes, async (unit, session, shout) =>
            {
                await Task.Yield();
                unit.Use();
            });
            handlers.OnScopedRequest<CountShouts, Census, Unit>(scopes, async (unit, session, question) =>
            {
                while (seen.Used < 2)
                {
                    await Task.Yield();
                }

                return new Census(seen.Created, seen.Used);
            });
        }
    }
}
