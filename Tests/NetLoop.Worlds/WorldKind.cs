namespace NetLoop.Worlds;

/// <summary>What a simulated world stresses.</summary>
internal enum WorldKind
{
    /// <summary>A few clients at 60 Hz; each fault class is on or off, and often or rare, as the seed says.</summary>
    Swarm,

    /// <summary>64 clients at 60 Hz, few faults.</summary>
    Dense,

    /// <summary>Clients that say nothing but Ping: timers alone, over long times.</summary>
    Idle,

    /// <summary>Clients come and go all the time; processes and machines die.</summary>
    Storm,

    /// <summary>Hostile hosts attack; honest clients beside them must not notice.</summary>
    Attack,

    /// <summary>Ticks longer than their step, slow handlers, a server that stands still for longer than its deadlines: nobody may be lost by that.</summary>
    Overload,

    /// <summary>As in a swarm, and each thread of the server may stand still at any call while the others run.</summary>
    Threads,

    /// <summary>Guests use what other worlds do not: protocols, limits and policies of their own, with outcomes that are known exactly.</summary>
    Features,

    /// <summary>Breaks an invariant on purpose, so that a run without its failure is known to be blind.</summary>
    Canary,
}
