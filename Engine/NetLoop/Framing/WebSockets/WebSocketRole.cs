namespace NetLoop.Framing.WebSockets;

/// <summary>Client or server: a client masks its frames, a server does not.</summary>
internal enum WebSocketRole
{
    Server,
    Client,
}
