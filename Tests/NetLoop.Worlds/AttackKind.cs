namespace NetLoop.Worlds;

/// <summary>What an adversary does with its connections.</summary>
internal enum AttackKind
{
    /// <summary>Connects and says nothing.</summary>
    Silence,

    /// <summary>Says Hello one byte a second.</summary>
    SlowHello,

    /// <summary>Opens a session, then sends one byte of a message a second.</summary>
    SlowBody,

    /// <summary>Opens a session, sends requests without end, and never reads a response.</summary>
    NeverReads,

    /// <summary>Opens a session, announces the longest frame, and sends all of it but the last byte.</summary>
    Announces,

    /// <summary>Announces a frame beyond the limit, or of length zero.</summary>
    BadLength,

    /// <summary>Sends bytes of no protocol.</summary>
    Garbage,

    /// <summary>Opens a session; sends good messages, then a bad one, then good ones.</summary>
    GoodThenBad,

    /// <summary>Nests arrays as deeply as a frame allows.</summary>
    DeepNesting,

    /// <summary>Announces more elements than there can be.</summary>
    HugeCount,

    /// <summary>Connects and resets, as fast as it can.</summary>
    ResetStorm,

    /// <summary>Opens many connections at once and holds them.</summary>
    ConnectStorm,

    /// <summary>Opens a session and sends messages as fast as the server takes them.</summary>
    Flood,

    /// <summary>Opens a session and sends Pings as fast as they are answered.</summary>
    PingFlood,

    /// <summary>Sends more slow requests than may run at once.</summary>
    SlowRequests,

    /// <summary>Sends a request and ends its own direction of the stream before the response.</summary>
    HalfClose,

    /// <summary>Ends the stream in the middle of a frame.</summary>
    Truncates,

    /// <summary>Opens a session, then its machine disappears without closing anything.</summary>
    Vanishes,

    /// <summary>Sends responses to requests that nobody made.</summary>
    UnaskedAnswers,

    /// <summary>Sends Hello and much more before the response to it.</summary>
    EarlyBodies,

    /// <summary>Sends a WebSocket upgrade one byte a second.</summary>
    SlowUpgrade,

    /// <summary>Sends a WebSocket upgrade whose head is too long, or one that just fits and never ends.</summary>
    LongHead,

    /// <summary>Opens a session over WebSocket, then sends an endless message in fragments of one byte.</summary>
    EndlessFragments,

    /// <summary>Opens a session over WebSocket and sends pings as fast as the server takes them.</summary>
    WebSocketPings,

    /// <summary>Opens a session over WebSocket, then sends a frame without a mask.</summary>
    Unmasked,

    /// <summary>Opens a session over WebSocket, sends a close frame, and keeps the connection open.</summary>
    ClosesAndStays,
}
