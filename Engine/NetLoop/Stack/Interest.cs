namespace NetLoop;

/// <summary>The readiness that a registered socket waits for. Errors and hang-ups are always reported; with None, only on some platforms.</summary>
[Flags]
public enum Interest
{
    /// <summary>None: the socket stays registered and is not reported as readable or writable.</summary>
    None = 0,

    /// <summary>Bytes, the end of the stream, or a connection to accept.</summary>
    Readable = 1,

    /// <summary>Room to send, or the end of a connection attempt.</summary>
    Writable = 2,
}
