namespace NetLoop.Transports.WebSockets;

/// <summary>The result of reading received bytes.</summary>
internal enum WebSocketStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>Bytes were consumed without a message; there may be more to read.</summary>
    Progress,

    /// <summary>The opening handshake is over; messages go both ways from now on.</summary>
    Opened,

    /// <summary>A request that asks for no WebSocket was answered; nothing after it is read.</summary>
    Answered,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>The peer sent its close frame; nothing after it is read.</summary>
    Closed,

    /// <summary>The peer violated the protocol or exceeded a limit; nothing after that is read.</summary>
    Failed,

    /// <summary>There is no memory for the message in progress; the same bytes may be offered again.</summary>
    OutOfMemory,
}
