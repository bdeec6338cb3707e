namespace NetLoop;

/// <summary>What a socket is ready for. A hint, not a promise: the call may still say WouldBlock.</summary>
[Flags]
public enum Readiness
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A receive or accept will make progress (data, end of stream, error).</summary>
    Readable = 1,

    /// <summary>A send will make progress, or a connection attempt ended.</summary>
    Writable = 2,

    /// <summary>The connection is gone in both directions, or an error is pending; a receive or send will say which.</summary>
    Failed = 4,
}
