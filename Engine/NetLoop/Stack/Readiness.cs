namespace NetLoop;

/// <summary>The operations for which a socket is ready. This is a hint: the call may still return WouldBlock.</summary>
[Flags]
public enum Readiness
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A receive or accept will make progress (data, end of stream, error).</summary>
    Readable = 1,

    /// <summary>A send will make progress, or a connection attempt ended.</summary>
    Writable = 2,

    /// <summary>The connection is gone in both directions, or an error is pending; a receive or send returns it.</summary>
    Failed = 4,
}
