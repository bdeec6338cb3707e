using Microsoft.Extensions.Hosting;

namespace NetLoop.Demo.Page;

/// <summary>The lifetime of a web host that the program starts and stops itself.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
