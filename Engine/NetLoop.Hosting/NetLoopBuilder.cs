using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NetLoop;

/// <summary>
/// Adds handlers and options to the server of a generic host; see <see cref="NetLoopHosting.AddNetLoop(IServiceCollection, Action{NetServerOptions}?)"/>.
/// </summary>
public sealed class NetLoopBuilder
{
    internal NetLoopBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds a module, which is a singleton with its dependencies injected; <see cref="NetServer"/> can be one of them. Its handlers are registered when the
    /// host starts, in the order of these calls.
    /// </summary>
    /// <remarks>
    /// A module lives as long as the server, so it cannot depend on scoped services, such as a database context. Inject
    /// <see cref="IServiceScopeFactory"/> and register the handlers that need a scope with
    /// <see cref="ScopedHandlers.OnScoped{T, TService}(HandlerTable, IServiceScopeFactory, Func{TService, Session, T, ValueTask}, OffloadOptions?)"/>.
    /// </remarks>
    public NetLoopBuilder AddModule<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TModule>()
        where TModule : class, IHandlerModule
    {
        Services.TryAddSingleton<TModule>();
        return ConfigureServer(static (services, server) => server.Use(services.GetRequiredService<TModule>()));
    }

    /// <summary>Sets options that need services, after those of the configuration.</summary>
    public NetLoopBuilder Configure(Action<IServiceProvider, NetServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddSingleton(new ServerSetup(configure, Server: null));
        return this;
    }

    /// <summary>Registers handlers and ticks when the host starts, before the server does.</summary>
    public NetLoopBuilder ConfigureServer(Action<IServiceProvider, NetServer> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddSingleton(new ServerSetup(Options: null, configure));
        return this;
    }
}
