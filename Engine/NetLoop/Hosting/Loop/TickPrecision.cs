namespace NetLoop;

/// <summary>How a loop waits for its ticks: precisely to the microsecond, or with as little processor time as possible.</summary>
/// <remarks>
/// A system wakes a sleeping thread late: by 50 us on idle hardware, and by up to a millisecond in a virtual machine. For precise ticks, the loop measures
/// how late it is woken, sleeps until that long before the tick, and polls its sockets for the rest, for at most a thirtieth of its time.
/// </remarks>
public enum TickPrecision
{
    /// <summary>Precise while there is a connection; otherwise as <see cref="Saving"/>.</summary>
    WhileConnected,

    /// <summary>Always precise.</summary>
    Always,

    /// <summary>Sleeps until the tick is due, and begins it when the system wakes the thread.</summary>
    Saving,
}
