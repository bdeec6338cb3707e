namespace NetLoop.Transports;

/// <summary>Limits on the work of one iteration, so that no part of it makes the others wait long. What is left over is done in the next iteration.</summary>
/// <remarks>
/// Receiving, handling and replying alternate in batches until every ready connection has been read or <see cref="InputTime"/> is over. A batch is small
/// enough that its sockets and messages are still in the processor's cache when the replies are sent. It also ends when messages point into
/// <c>ReceiveScratch.MaxLentBytes</c> of received bytes.
/// </remarks>
internal static class IterationBudget
{
    /// <summary>Events that one wait reports.</summary>
    public const int MaxEvents = 1024;

    /// <summary>Events of connections whose channels hold input; they come before those of the poller, which could otherwise keep them waiting.</summary>
    public const int MaxUnread = 256;

    /// <summary>Connections that each listener accepts.</summary>
    public const int MaxAccepts = 16;

    /// <summary>Nanoseconds after which receiving, handling and replying make room for timers, ticks and other sends, unless a tick is due before.</summary>
    public const long InputTime = 4_000_000;

    /// <summary>Connections that are read before handlers on the loop run.</summary>
    public const int MaxReadsPerBatch = 64;

    /// <summary>
    /// Messages decoded before handlers on the loop run. With smaller batches the kernel's code and the handlers' evict each other from the first-level
    /// cache.
    /// </summary>
    public const int MaxMessagesPerBatch = 256;

    /// <summary>Receives of one connection.</summary>
    public const int MaxReceives = 4;

    /// <summary>Connections that are read between two readings of the clock.</summary>
    public const int ReadsPerClockReading = 16;

    /// <summary>Connections that are flushed between two readings of the clock: about 30 us.</summary>
    public const int FlushesPerClockReading = 8;

    /// <summary>Commands of other threads.</summary>
    public const int MaxCommands = 4096;

    /// <summary>Timers that are due.</summary>
    public const int MaxTimers = 4096;

    /// <summary>Connections checked for parking, besides one for each that was added.</summary>
    public const int ParkingChecks = 4;
}
