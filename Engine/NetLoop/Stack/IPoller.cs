namespace NetLoop;

/// <summary>Waits for the readiness of many sockets at once, level-triggered.</summary>
/// <remarks>
/// Thread: one thread at a time, except <see cref="Wake"/>, which any thread may call at any time.
/// Events are hints. A poller may report a socket that turns out not to be ready, an event for a token whose socket was closed
/// earlier in the same batch, or return early without any event. It always reports readiness that persists. Every implementation passes the same
/// contract suite.
/// </remarks>
public interface IPoller : IDisposable
{
    /// <summary>Registers a socket.</summary>
    /// <returns>Ok; NoBuffers or TooManyFiles if the platform is out of resources; InvalidCall if the socket is registered already or not open.</returns>
    SocketStatus Add(SocketHandle socket, Interest interest, Token token);

    /// <summary>Replaces interest and token of a registered socket.</summary>
    /// <returns>Ok, or InvalidCall if the socket is not registered.</returns>
    SocketStatus Modify(SocketHandle socket, Interest interest, Token token);

    /// <summary>Removes a socket. Call this before the socket is closed.</summary>
    /// <returns>Ok, or InvalidCall if the socket is not registered.</returns>
    SocketStatus Remove(SocketHandle socket);

    /// <summary>Waits until a socket is ready, <see cref="Wake"/> is called, a signal arrives, or the time is up.</summary>
    /// <param name="events">Receives the events; those beyond its length are reported by the next call.</param>
    /// <param name="timeoutNanoseconds">
    /// 0 polls and returns at once; a negative value waits without limit. Never returns early by rounding: a platform with coarser timeouts rounds up.
    /// </param>
    /// <returns>Number of events written; 0 if there were none.</returns>
    int Wait(Span<ReadyEvent> events, long timeoutNanoseconds);

    /// <summary>
    /// Waits as <see cref="Wait"/> does, until a deadline. Use it when the same deadline is waited for repeatedly: a poller may then arm
    /// one timer instead of one timeout for each wait.
    /// </summary>
    /// <param name="events">Receives the events; those beyond its length are reported by the next call.</param>
    /// <param name="now">The caller's time in nanoseconds.</param>
    /// <param name="deadline">The time at which to return without an event, on the same clock; <see cref="long.MaxValue"/> for never.</param>
    /// <returns>Number of events written; 0 if there were none.</returns>
    int WaitUntil(Span<ReadyEvent> events, long now, long deadline) =>
        Wait(events, deadline == long.MaxValue ? -1 : Math.Max(0, deadline - now));

    /// <summary>Ends the current or, if there is none, the next <see cref="Wait"/>. Several calls before a wait count as one.</summary>
    /// <remarks>Thread: any.</remarks>
    void Wake();
}
