namespace NetLoop.Demo.Page;

/// <summary>The settings of the live page.</summary>
/// <param name="Http">The address of the page.</param>
/// <param name="WebSocket">The address of its WebSocket.</param>
/// <param name="Origins">Origins of the page in addition to those that follow from its address.</param>
/// <param name="ControlFromAnywhere">Whether controls are accepted from other machines.</param>
internal sealed record PageSettings(NetEndpoint Http, NetEndpoint WebSocket, IReadOnlyList<string> Origins, bool ControlFromAnywhere)
{
    /// <summary>Serves the page by https and its data by wss; null for http and ws.</summary>
    public TlsServerOptions? Certificate { get; init; }
}
