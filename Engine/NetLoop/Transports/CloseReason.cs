namespace NetLoop;

/// <summary>Why a session ended: in Goodbye, counters and logs. The numbers are those of Engine/PROTOCOL.md, section 6.</summary>
public enum CloseReason
{
    /// <summary>One side was done, and said so.</summary>
    Normal = 0,

    /// <summary>The server is stopping.</summary>
    ServerStopping = 1,

    /// <summary>Nothing whole arrived for the idle timeout.</summary>
    Idle = 2,

    /// <summary>Hello, or the answer to it, did not arrive in time.</summary>
    HandshakeTimeout = 3,

    /// <summary>The peer sent something that is not the protocol.</summary>
    Malformed = 4,

    /// <summary>The peer announced a frame above the limit.</summary>
    FrameTooLarge = 5,

    /// <summary>The peer did not read fast enough and its send queue reached a limit.</summary>
    SlowConsumer = 6,

    /// <summary>The peer sent more than its rate limit, or came too often.</summary>
    RateLimited = 7,

    /// <summary>The authenticator refused.</summary>
    Unauthorized = 8,

    /// <summary>Another protocol version or another contract fingerprint.</summary>
    VersionMismatch = 9,

    /// <summary>The server has as many connections as it may have, or as many that are opening.</summary>
    ServerFull = 10,

    /// <summary>A handler of the application threw.</summary>
    HandlerFault = 11,

    /// <summary>A newer connection took over the session.</summary>
    Replaced = 12,

    /// <summary>The transport failed: a reset, a timeout, no route.</summary>
    TransportError = 13,

    /// <summary>The application closed the session.</summary>
    Kicked = 14,

    /// <summary>The stream ended inside a frame.</summary>
    Truncated = 15,

    /// <summary>The peer ended its stream at a frame boundary, without Goodbye.</summary>
    Disconnected = 16,

    /// <summary>All buffers were taken, and this connection held the most of an unfinished frame, or needed more.</summary>
    Evicted = 17,
}
