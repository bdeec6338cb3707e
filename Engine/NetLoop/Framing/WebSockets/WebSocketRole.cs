namespace NetLoop.Framing.WebSockets;

/// <summary>Which end of a WebSocket: a client masks what it sends, a server does not.</summary>
internal enum WebSocketRole
{
    Server,
    Client,
}
