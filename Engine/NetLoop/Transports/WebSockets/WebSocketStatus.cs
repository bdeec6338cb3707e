namespace NetLoop.Transports.WebSockets;

/// <summary>What a WebSocket made of the received bytes.</summary>
internal enum WebSocketStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>Something was read that concerns nobody else; there may be more.</summary>
    Progress,

    /// <summary>The opening handshake is over; messages go both ways from now on.</summary>
    Opened,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>The peer said that it closes; what follows is not read.</summary>
    Closed,

    /// <summary>The peer broke the protocol or reached a limit; nothing after that is read.</summary>
    Failed,

    /// <summary>There is no memory for the message in progress; the same bytes may be offered again.</summary>
    OutOfMemory,
}
