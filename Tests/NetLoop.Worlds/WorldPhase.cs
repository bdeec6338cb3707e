namespace NetLoop.Worlds;

/// <summary>What happens in a world, in this order.</summary>
internal enum WorldPhase
{
    /// <summary>Clients come; nothing goes wrong.</summary>
    WarmUp,

    /// <summary>Everything drawn goes wrong; what is promised must hold nevertheless.</summary>
    Safety,

    /// <summary>Nothing goes wrong any more: everybody must come back.</summary>
    Liveness,

    /// <summary>Nobody says anything new: everything said must arrive and be answered.</summary>
    Quiet,

    /// <summary>Everybody talks and nothing goes wrong, for longer than idle sessions last: nobody may be lost and no request may time out.</summary>
    Calm,

    /// <summary>The same few messages again and again: nothing may be allocated.</summary>
    Steady,

    /// <summary>Clients leave and the server stops: nothing may be lost or left behind.</summary>
    Drain,

    /// <summary>Over.</summary>
    Done,
}
