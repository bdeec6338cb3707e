using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NetLoop;

/// <summary>Checks whether the host's server is running, by posting an action to its loop.</summary>
/// <param name="state">The state of the server.</param>
/// <param name="stalledAfter">How long the loop may take to run the action.</param>
/// <remarks>Thread: any.</remarks>
internal sealed class ServerHealthCheck(ServerState state, TimeSpan stalledAfter) : IHealthCheck
{
    public static readonly TimeSpan DefaultStalledAfter = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (state.Started is not { } server)
        {
            return Fail("The server has not started.");
        }

        if (server.Completion.IsFaulted)
        {
            return Fail("The server has failed.", server.Completion.Exception.InnerException);
        }

        if (server.Completion.IsCompleted)
        {
            return Fail("The server has stopped.");
        }

        if (state.IsStopping)
        {
            return Fail("The server is stopping.");
        }

        try
        {
            await state.ProbeAsync(server).WaitAsync(stalledAfter, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Fail(string.Create(CultureInfo.InvariantCulture, $"The loop is stalled: it has run no action for {stalledAfter.TotalSeconds:0.###} s."));
        }

        LoopStatistics statistics = server.GetStatistics();
        return HealthCheckResult.Healthy(
            "The server is running.",
            new Dictionary<string, object> { ["sessions"] = statistics.Sessions, ["connections"] = statistics.Connections });

        HealthCheckResult Fail(string description, Exception? exception = null) =>
            new(context.Registration.FailureStatus, description, exception);
    }
}
