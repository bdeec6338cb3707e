using Microsoft.Extensions.Logging;
using NetLoop.Diagnostics;

namespace NetLoop.Hosting;

/// <summary>Log lines of loops, servers and clients. Event ids 1000 to 1099, never reused for another meaning.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1001, LogLevel.Information, "Listening on {Kind} {Endpoint}.")]
    public static partial void Listening(ILogger logger, EndpointKind kind, NetEndpoint endpoint);

    [LoggerMessage(1002, LogLevel.Warning, "Tick {Tick} is late by {LateMs:F1} ms: phase {Phase} took {PhaseMs:F1} ms, slowest handler {Handler} took {HandlerMs:F1} ms for {Count} calls; {Skipped} ticks skipped.{Suppressed}")]
    public static partial void TickLate(ILogger logger, long tick, double lateMs, LoopPhase phase, double phaseMs, string handler, double handlerMs, int count, long skipped, Suppressed suppressed);

    [LoggerMessage(1003, LogLevel.Error, "The tick handler {Handler} threw at tick {Tick}; the game goes on.{Suppressed}")]
    public static partial void TickFailed(ILogger logger, string handler, long tick, Suppressed suppressed, Exception exception);

    [LoggerMessage(1004, LogLevel.Warning, "No descriptor or kernel memory for waiting connections; accepting pauses and tries again. Raise the limit of open files, or lower MaxConnections.{Suppressed}")]
    public static partial void AcceptStarved(ILogger logger, Suppressed suppressed);

    [LoggerMessage(1005, LogLevel.Warning, "Connection from {Remote} refused: {Reason}.{Suppressed}")]
    public static partial void Refused(ILogger logger, NetEndpoint remote, CloseReason reason, Suppressed suppressed);

    [LoggerMessage(1006, LogLevel.Information, "Stopping: {Sessions} sessions are told Goodbye and get {Seconds:F0} s to finish.")]
    public static partial void Stopping(ILogger logger, int sessions, double seconds);

    [LoggerMessage(1007, LogLevel.Warning, "The stop's deadline is over; {Connections} connections are reset.")]
    public static partial void StopDeadline(ILogger logger, int connections);

    [LoggerMessage(1008, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(1010, LogLevel.Error, "Unhandled exception in an async void method. The loop goes on.{Suppressed}")]
    public static partial void ContinuationFailed(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1011, LogLevel.Error, "An action given to Post threw; the loop goes on.{Suppressed}")]
    public static partial void ActionFailed(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1009, LogLevel.Critical, "The loop failed and ended.")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(1020, LogLevel.Error, "A listener of the meter threw; its measurement is lost.{Suppressed}")]
    public static partial void MeterListenerFailed(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1021, LogLevel.Error, "The thread pool could not start a thread; what waits for one is tried again.{Suppressed}")]
    public static partial void WorkNotStarted(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1022, LogLevel.Error, "Thread.Interrupt of the thread that runs handlers or of the loop; it goes on.{Suppressed}")]
    public static partial void Interrupted(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1012, LogLevel.Error, "A listener's framer threw; the session is closed as malformed.{Suppressed}")]
    public static partial void FramerFailed(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1013, LogLevel.Warning, "A WebSocket upgrade was answered {Status}: {Text}{Suppressed}")]
    public static partial void UpgradeForbidden(ILogger logger, int status, string text, Suppressed suppressed);
}
