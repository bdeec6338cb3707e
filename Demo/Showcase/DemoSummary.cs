using NetLoop.Demo.Bots;
using NetLoop.Demo.Server;

namespace NetLoop.Demo.Showcase;

/// <summary>How a run of the demo went.</summary>
/// <param name="Server">The server's side.</param>
/// <param name="Bots">The bots' side.</param>
internal sealed record DemoSummary(ServerSummary Server, BotsSummary Bots);
