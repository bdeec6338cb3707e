using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace NetLoop;

/// <summary>Adds a server to a generic host.</summary>
public static class NetLoopHosting
{
    /// <summary>The section of the host's configuration that has the server's options.</summary>
    public const string ConfigurationSection = "NetLoop";

    /// <summary>Maximum share of the host's shutdown timeout for the server.</summary>
    private const double ShareOfShutdown = 0.8;

    /// <summary>
    /// Adds a server, as the singleton <see cref="NetServer"/>, and a hosted service that starts it and stops it with the host. Its options come from the
    /// section <see cref="ConfigurationSection"/> of the host's configuration, and its loggers from the host. It drains within
    /// <see cref="HostOptions.ShutdownTimeout"/>, even if <see cref="NetServerOptions.DrainTimeout"/> is longer.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">
    /// Sets options in code, after those of the configuration; for example <see cref="NetServerOptions.Authenticate"/>, or a listener with a raw protocol.
    /// </param>
    /// <returns>Adds modules to the server. A second call adds to the same server.</returns>
    /// <remarks>
    /// When the host starts, it fails with <see cref="NetConfigurationException"/> if the configuration has an unknown key or a value out of range, and with
    /// <see cref="NetListenException"/> if a port is taken.
    /// </remarks>
    public static NetLoopBuilder AddNetLoop(this IServiceCollection services, Action<NetServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<HostOptions>();
        services.TryAddSingleton<ServerState>();
        services.TryAddSingleton(CreateServer);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ServerService>());
        var builder = new NetLoopBuilder(services);
        if (configure is not null)
        {
            builder.Configure((_, options) => configure(options));
        }

        return builder;
    }

    /// <summary>
    /// Adds a health check of the server: unhealthy before the server has started, while it stops, when it has failed, and while its loop is stalled.
    /// </summary>
    /// <param name="checks">The host's health checks: <c>services.AddHealthChecks()</c>.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status to report instead of <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to select the check by.</param>
    /// <param name="stalledAfter">How long the first loop may take to run an action that is posted to it; two seconds if null.</param>
    public static IHealthChecksBuilder AddNetLoop(
        this IHealthChecksBuilder checks,
        string name = "netloop",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? stalledAfter = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        TimeSpan patience = stalledAfter ?? ServerHealthCheck.DefaultStalledAfter;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(patience, TimeSpan.Zero, nameof(stalledAfter));
        return checks.Add(new HealthCheckRegistration(
            name, services => new ServerHealthCheck(services.GetRequiredService<ServerState>(), patience), failureStatus, tags));
    }

    private static NetServer CreateServer(IServiceProvider services) => NetServer.Create(options =>
    {
        options.LoggerFactory = services.GetService<ILoggerFactory>();
        if (services.GetService<IConfiguration>() is { } configuration)
        {
            ServerConfiguration.Read(configuration.GetSection(ConfigurationSection), options);
        }

        foreach (ServerSetup setup in services.GetServices<ServerSetup>())
        {
            setup.Options?.Invoke(services, options);
        }

        // The host gives up on all its services after its own timeout. The server drains in less time, or sessions would end without Goodbye.
        TimeSpan longest = services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout * ShareOfShutdown;
        if (longest > TimeSpan.Zero && longest < options.DrainTimeout)
        {
            options.DrainTimeout = longest;
        }
    });
}
