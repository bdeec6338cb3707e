namespace NetLoop;

/// <summary>The phases of one iteration of the loop, in their order. Code, metrics and documents use the same names.</summary>
public enum LoopPhase
{
    /// <summary>Reads the time, once.</summary>
    Clock,

    /// <summary>Waits in the poller for an event, a wake-up, the next timer or the next tick.</summary>
    Wait,

    /// <summary>Accepts pending connections.</summary>
    Accept,

    /// <summary>Reads ready connections, cuts frames and decodes messages.</summary>
    Receive,

    /// <summary>Runs the commands of other threads, and handlers.</summary>
    Handle,

    /// <summary>Fires the timers that are due.</summary>
    Timers,

    /// <summary>Runs the game's fixed steps.</summary>
    Tick,

    /// <summary>Makes one gathered send for each connection with queued bytes.</summary>
    Flush,

    /// <summary>Destroys connections that have ended.</summary>
    Close,
}
