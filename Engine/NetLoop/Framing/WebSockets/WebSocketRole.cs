namespace NetLoop.Framing.WebSockets;

/// <summary>Client or server: a client masks what it sends, a server does not.</summary>
internal enum WebSocketRole
{
    Server,
    Client,
}
