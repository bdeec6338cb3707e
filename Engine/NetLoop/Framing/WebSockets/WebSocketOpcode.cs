namespace NetLoop.Framing.WebSockets;

/// <summary>What a WebSocket frame carries. Those from Close on are control frames; all numbers in between are reserved.</summary>
/// <remarks>Source: RFC 6455, section 5.2.</remarks>
internal enum WebSocketOpcode
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
