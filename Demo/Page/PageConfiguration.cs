namespace NetLoop.Demo.Page;

/// <summary>The configuration that the page's script fetches.</summary>
/// <param name="WebSocketPort">The port, on the page's host, of the WebSocket that sends the page's data.</param>
internal sealed record PageConfiguration(int WebSocketPort);
