using NetLoop.Demo.Bots;
using NetLoop.Demo.Server;

namespace NetLoop.Demo.Showcase;

/// <summary>The result of a run of the demo.</summary>
/// <param name="Server">The server's figures.</param>
/// <param name="Bots">The bots' figures.</param>
internal sealed record DemoSummary(ServerSummary Server, BotsSummary Bots);
