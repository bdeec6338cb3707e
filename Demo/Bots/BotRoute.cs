namespace NetLoop.Demo.Bots;

/// <summary>A way to the server.</summary>
/// <param name="Remote">The endpoint to which bots connect.</param>
/// <param name="TokenEndpoint">On UDP, the endpoint that gives connect tokens; null for TCP on the same host and port.</param>
internal readonly record struct BotRoute(NetEndpoint Remote, NetEndpoint? TokenEndpoint = null)
{
    /// <summary>The transport of a client that connects to an endpoint.</summary>
    public static BotTransport TransportOf(in NetEndpoint remote) => remote switch
    {
        { Transport: TransportKind.Udp } => BotTransport.Udp,
        { IsWebSocket: true } => BotTransport.WebSocket,
        _ => BotTransport.Tcp,
    };
}
