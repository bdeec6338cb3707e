namespace NetLoop;

/// <summary>How a loop waits for its ticks: to the microsecond, or with as little power as possible.</summary>
/// <remarks>
/// A system wakes a sleeping thread late, by 50 us on idle hardware to a millisecond in a virtual machine. To be precise, the loop sleeps until shortly before
/// the tick, as long before as its own late wakings have taught it, and looks at its sockets again and again for the rest: at most a thirtieth of its time.
/// </remarks>
public enum TickPrecision
{
    /// <summary>Precise while there is a connection, saving while nobody is there who could notice.</summary>
    WhileConnected,

    /// <summary>Always precise.</summary>
    Always,

    /// <summary>Sleeps until the tick is due, and begins it as late as the system wakes the thread.</summary>
    Saving,
}
