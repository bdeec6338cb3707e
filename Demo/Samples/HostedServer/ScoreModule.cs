using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NetLoop;

namespace HostedServer;

/// <summary>Stores scores. Its dependencies are injected; each message gets its own <see cref="ScoreContext"/>.</summary>
public sealed partial class ScoreModule(IServiceScopeFactory scopes, ILogger<ScoreModule> logger) : IHandlerModule
{
    /// <inheritdoc/>
    public void Register(HandlerTable handlers)
    {
        handlers.OnScoped<Scored, ScoreContext>(scopes, async (scores, session, scored) =>
        {
            int points = await scores.AddAsync(scored.Player, scored.Points);
            LogScored(scored.Player, points);
        });
        handlers.OnScopedRequest<AskStanding, Standing, ScoreContext>(
            scopes, async (scores, session, question) => new Standing(await scores.PointsOfAsync(question.Player)));
    }

    [LoggerMessage(1, LogLevel.Information, "{Player} has {Points} points.")]
    private partial void LogScored(string player, int points);
}
