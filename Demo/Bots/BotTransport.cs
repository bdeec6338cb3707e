namespace NetLoop.Demo.Bots;

/// <summary>How a bot is connected. The page knows these numbers too.</summary>
internal enum BotTransport
{
    /// <summary>TCP, or a Unix socket.</summary>
    Tcp,

    /// <summary>WebSocket.</summary>
    WebSocket,

    /// <summary>UDP.</summary>
    Udp,
}
