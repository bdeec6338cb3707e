namespace NetLoop.Worlds;

/// <summary>What a simulated world stresses.</summary>
internal enum WorldKind
{
    /// <summary>A few clients at 60 Hz; each fault class is on or off, and frequent or rare, as the seed draws.</summary>
    Swarm,

    /// <summary>64 clients at 60 Hz, few faults.</summary>
    Dense,

    /// <summary>Clients that send nothing but Ping: only timers, over long times.</summary>
    Idle,

    /// <summary>Clients come and go all the time; processes and machines die.</summary>
    Storm,

    /// <summary>Hostile hosts attack; honest clients beside them must not notice.</summary>
    Attack,

    /// <summary>Ticks longer than their step, slow handlers, a server that stalls for longer than its deadlines: nobody may be lost because of that.</summary>
    Overload,

    /// <summary>As in a swarm, and each thread of the server may be interrupted at any call while the others run.</summary>
    Threads,

    /// <summary>Guests use protocols, limits and policies that no other world uses, with outcomes that are known exactly.</summary>
    Features,

    /// <summary>As in a swarm, and most clients are on UDP.</summary>
    Udp,

    /// <summary>Netcode and reliable links over UDP, below sessions, with adversaries that hear, replay and forge packets.</summary>
    Datagrams,

    /// <summary>Two reliable links and a wire that loses, repeats and delays packets: many messages.</summary>
    Links,

    /// <summary>Breaks an invariant on purpose: a run that does not report it cannot detect failures.</summary>
    Canary,
}
