namespace NetLoop.Framing.WebSockets;

/// <summary>The kind of a WebSocket frame. Values from Close on are control frames; values between the defined ones are reserved.</summary>
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
