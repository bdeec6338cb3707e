namespace NetLoop.Worlds;

/// <summary>The phases of a world, in order.</summary>
internal enum WorldPhase
{
    /// <summary>Clients come; nothing goes wrong.</summary>
    WarmUp,

    /// <summary>The drawn faults happen; all promises must still hold.</summary>
    Safety,

    /// <summary>There are no faults any more, and everybody must come back.</summary>
    Liveness,

    /// <summary>Nobody sends anything new; everything sent must arrive and get its response.</summary>
    Quiet,

    /// <summary>Everybody sends and nothing goes wrong, for longer than the idle timeout: nobody may be lost and no request may time out.</summary>
    Calm,

    /// <summary>The same few messages again and again: nothing may be allocated.</summary>
    Steady,

    /// <summary>Clients leave and the server stops: nothing may be lost or left behind.</summary>
    Drain,

    /// <summary>The world has ended.</summary>
    Done,
}
