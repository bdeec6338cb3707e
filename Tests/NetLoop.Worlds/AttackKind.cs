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

    /// <summary>Opens a session, asks again and again, and never reads an answer.</summary>
    NeverReads,

    /// <summary>Opens a session, announces the longest frame, and sends all of it but the last byte.</summary>
    Announces,

    /// <summary>Announces a frame beyond the limit, or of length zero.</summary>
    BadLength,

    /// <summary>Bytes that are no protocol.</summary>
    Garbage,

    /// <summary>Opens a session; good messages, then a bad one, then good ones.</summary>
    GoodThenBad,

    /// <summary>Nests arrays as deeply as a frame allows.</summary>
    DeepNesting,

    /// <summary>Announces more elements than there can be.</summary>
    HugeCount,

    /// <summary>Connects and resets, as fast as it can.</summary>
    ResetStorm,

    /// <summary>Connects with many at once, and holds them.</summary>
    ConnectStorm,

    /// <summary>Opens a session and sends messages as fast as they are taken.</summary>
    Flood,

    /// <summary>Opens a session and asks for the time as fast as it is told.</summary>
    PingFlood,

    /// <summary>Asks for what takes time, more than may run at once.</summary>
    SlowRequests,

    /// <summary>Asks, and ends its own direction before the answer.</summary>
    HalfClose,

    /// <summary>Ends in the middle of a frame.</summary>
    Truncates,

    /// <summary>Opens a session, then its machine is gone without a word.</summary>
    Vanishes,

    /// <summary>Answers requests that nobody made.</summary>
    UnaskedAnswers,

    /// <summary>Says Hello, and much more before it is answered.</summary>
    EarlyBodies,

    /// <summary>Asks for a WebSocket one byte a second.</summary>
    SlowUpgrade,

    /// <summary>Asks for a WebSocket with a head that is too long, or so long that it just fits and never ends.</summary>
    LongHead,

    /// <summary>Opens a session by WebSocket, then sends a message in fragments of one byte that never end.</summary>
    EndlessFragments,

    /// <summary>Opens a session by WebSocket and sends its pings as fast as they are taken.</summary>
    WebSocketPings,

    /// <summary>Opens a session by WebSocket, then sends a frame without a mask.</summary>
    Unmasked,

    /// <summary>Opens a session by WebSocket, says that it closes, and stays.</summary>
    ClosesAndStays,
}
