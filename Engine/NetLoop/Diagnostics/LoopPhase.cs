namespace NetLoop;

/// <summary>The phases of one iteration of the loop, in their order. The same names stand in code, metrics and documents.</summary>
public enum LoopPhase
{
    /// <summary>The time is read, once.</summary>
    Clock,

    /// <summary>The poller waits: for an event, a wake, the next timer or the next tick.</summary>
    Wait,

    /// <summary>Waiting connections are accepted.</summary>
    Accept,

    /// <summary>Ready connections are read, frames cut, messages decoded.</summary>
    Receive,

    /// <summary>What other threads asked for is done; handlers run.</summary>
    Handle,

    /// <summary>Deadlines that are due.</summary>
    Timers,

    /// <summary>The game's fixed steps.</summary>
    Tick,

    /// <summary>One gathered send for each connection with something to send.</summary>
    Flush,

    /// <summary>Connections that ended are destroyed.</summary>
    Close,
}
