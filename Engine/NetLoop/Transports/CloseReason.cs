namespace NetLoop;

/// <summary>The reason why a session ended, for Goodbye, counters and logs. The numbers are those of Engine/PROTOCOL.md, section 6.</summary>
public enum CloseReason
{
    /// <summary>One side closed the session normally.</summary>
    Normal = 0,

    /// <summary>The server is stopping.</summary>
    ServerStopping = 1,

    /// <summary>The peer sent no whole body within the idle timeout.</summary>
    Idle = 2,

    /// <summary>Hello, or its response, did not arrive in time.</summary>
    HandshakeTimeout = 3,

    /// <summary>The peer sent input that violates the protocol.</summary>
    Malformed = 4,

    /// <summary>The peer announced a frame above the limit.</summary>
    FrameTooLarge = 5,

    /// <summary>The peer did not read fast enough and its send queue reached a limit.</summary>
    SlowConsumer = 6,

    /// <summary>The peer exceeded its rate limit, or its address had too many connections.</summary>
    RateLimited = 7,

    /// <summary>The authenticator rejected the client, or the WebSocket upgrade was rejected with HTTP 401, 403, 407 or 421.</summary>
    Unauthorized = 8,

    /// <summary>The peer has another protocol version or another contract fingerprint.</summary>
    VersionMismatch = 9,

    /// <summary>The server has reached its limit of connections, or a limit of connections that are still opening.</summary>
    ServerFull = 10,

    /// <summary>A handler of the application threw.</summary>
    HandlerFault = 11,

    /// <summary>A newer connection took over the session.</summary>
    Replaced = 12,

    /// <summary>The transport failed: a reset, a timeout, no route, or a proxy that cannot reach the server.</summary>
    TransportError = 13,

    /// <summary>The application closed the session.</summary>
    Kicked = 14,

    /// <summary>The stream ended inside a frame.</summary>
    Truncated = 15,

    /// <summary>The peer ended its stream at a frame boundary, without Goodbye.</summary>
    Disconnected = 16,

    /// <summary>All buffers were in use, and this connection held the most unhandled input or could not get another buffer.</summary>
    Evicted = 17,
}
