namespace NetLoop.Demo.Server;

/// <summary>What a command line says about a server.</summary>
/// <param name="Endpoints">Where to listen; at least one.</param>
/// <param name="Origins">Origins of the pages that may connect by WebSocket; null for those of the listener's own host.</param>
/// <param name="Certificate">For the listeners that are encrypted; null if there are none.</param>
/// <param name="Hello">Whether clients have to open a session.</param>
/// <param name="TickRate">Steps a second.</param>
/// <param name="Poller">Which system call waits for readiness.</param>
/// <param name="HandlerMode">Which thread runs handlers and ticks.</param>
/// <param name="TickPrecision">How the loop waits for its ticks.</param>
/// <param name="SpinTime">How long it looks for more before it sleeps.</param>
/// <param name="Profile">Whether to find out where the time goes.</param>
/// <param name="Loops">How many loops share the sessions.</param>
internal sealed record ServerSettings(
    IReadOnlyList<NetEndpoint> Endpoints,
    IReadOnlyList<string>? Origins = null,
    TlsServerOptions? Certificate = null,
    HelloMode Hello = HelloMode.Required,
    int TickRate = ServerSettings.DefaultTickRate,
    PollerKind Poller = PollerKind.Auto,
    HandlerMode HandlerMode = HandlerMode.Loop,
    TickPrecision TickPrecision = TickPrecision.WhileConnected,
    TimeSpan SpinTime = default,
    bool Profile = false,
    int Loops = 1)
{
    /// <summary>Steps a second when nothing else is said.</summary>
    public const int DefaultTickRate = 60;
}
