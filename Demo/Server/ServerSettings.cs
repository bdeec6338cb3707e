namespace NetLoop.Demo.Server;

/// <summary>The settings of a server from a command line.</summary>
/// <param name="Endpoints">The endpoints to listen on; at least one.</param>
/// <param name="Origins">Origins of the pages that may connect by WebSocket; null for the listener's own host.</param>
/// <param name="Certificate">The certificate of encrypted listeners; null if there are none.</param>
/// <param name="UdpKey">The key of connect tokens; null for one of the server's own.</param>
/// <param name="UdpPublic">The addresses that connect tokens name; null or empty for those at which clients ask.</param>
/// <param name="Hello">Whether clients must open a session.</param>
/// <param name="TickRate">Ticks a second.</param>
/// <param name="Poller">The system call that waits for readiness.</param>
/// <param name="HandlerMode">The thread that runs handlers and ticks.</param>
/// <param name="TickPrecision">How the loop waits for its ticks.</param>
/// <param name="SpinTime">How long the loop polls before it sleeps.</param>
/// <param name="Profile">Whether to measure where the time goes.</param>
/// <param name="Loops">Number of loops that share the sessions.</param>
internal sealed record ServerSettings(
    IReadOnlyList<NetEndpoint> Endpoints,
    IReadOnlyList<string>? Origins = null,
    TlsServerOptions? Certificate = null,
    ConnectTokenKey? UdpKey = null,
    IReadOnlyList<NetEndpoint>? UdpPublic = null,
    HelloMode Hello = HelloMode.Required,
    int TickRate = ServerSettings.DefaultTickRate,
    PollerKind Poller = PollerKind.Auto,
    HandlerMode HandlerMode = HandlerMode.Loop,
    TickPrecision TickPrecision = TickPrecision.WhileConnected,
    TimeSpan SpinTime = default,
    bool Profile = false,
    int Loops = 1)
{
    /// <summary>Ticks a second by default.</summary>
    public const int DefaultTickRate = 60;
}
