namespace NetLoop.Demo.Server;

/// <summary>What a command line says about a server.</summary>
/// <param name="Endpoints">Where to listen; at least one.</param>
/// <param name="Hello">Whether clients have to open a session.</param>
/// <param name="TickRate">Steps a second.</param>
/// <param name="Poller">Which system call waits for readiness.</param>
/// <param name="Handlers">Which thread runs handlers and ticks.</param>
internal sealed record ServerSettings(
    IReadOnlyList<NetEndpoint> Endpoints,
    HelloMode Hello = HelloMode.Required,
    int TickRate = ServerSettings.DefaultTickRate,
    PollerKind Poller = PollerKind.Auto,
    HandlerMode Handlers = HandlerMode.Loop)
{
    /// <summary>Steps a second when nothing else is said.</summary>
    public const int DefaultTickRate = 60;
}
