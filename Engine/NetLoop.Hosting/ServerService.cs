using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace NetLoop;

/// <summary>Starts the server with the host, and drains it when the host stops.</summary>
internal sealed class ServerService(IServiceProvider services, ServerState state, IHostApplicationLifetime lifetime) : IHostedService
{
    private NetServer? _server;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        NetServer server = services.GetRequiredService<NetServer>();
        foreach (ServerSetup setup in services.GetServices<ServerSetup>())
        {
            setup.Server?.Invoke(services, server);
        }

        server.Start();
        _server = server;
        state.Started = server;
        lifetime.ApplicationStopping.Register(() => state.IsStopping = true);
        _ = StopHostIfServerFailsAsync(server);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>Throws the exception of a failed loop, so that the host does not end as if nothing had happened.</remarks>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        state.IsStopping = true;
        if (_server is not { } server)
        {
            return; // Another service of the host failed to start before this one.
        }

        // Sessions that remain when the host's time is over get no Goodbye.
        await using (cancellationToken.Register(server.Abort).ConfigureAwait(false))
        {
            await server.StopAsync().ConfigureAwait(false);
        }
    }

    private async Task StopHostIfServerFailsAsync(NetServer server)
    {
        await ((Task)server.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (server.Completion.IsFaulted)
        {
            lifetime.StopApplication();
        }
    }
}
