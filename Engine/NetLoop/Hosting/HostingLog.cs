using Microsoft.Extensions.Logging;
using NetLoop.Diagnostics;

namespace NetLoop.Hosting;

/// <summary>Log lines of loops, servers and clients. Event ids 1000 to 1099, never reused for another meaning.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1001, LogLevel.Information, "Listening on {Endpoint}.")]
    public static partial void Listening(ILogger logger, string endpoint);

    [LoggerMessage(1002, LogLevel.Warning, "Tick {Tick} started {LateMs:F1} ms late. {Cause}{Suppressed}")]
    public static partial void TickLate(ILogger logger, long tick, double lateMs, LateTick cause, SuppressedTicks suppressed);

    [LoggerMessage(1003, LogLevel.Error, "The tick handler {Handler} threw at tick {Tick}; the game continues.{Suppressed}")]
    public static partial void TickFailed(ILogger logger, string handler, long tick, Suppressed suppressed, Exception exception);

    [LoggerMessage(
        1004,
        LogLevel.Warning,
        "No descriptor or kernel memory to accept connections; the listener pauses and retries. Raise the limit of open files, or lower "
            + "MaxConnections.{Suppressed}")]
    public static partial void AcceptStarved(ILogger logger, Suppressed suppressed);

    [LoggerMessage(1005, LogLevel.Warning, "Connection from {Remote} rejected: {Reason}.{Suppressed}")]
    public static partial void Rejected(ILogger logger, NetEndpoint remote, CloseReason reason, Suppressed suppressed);

    [LoggerMessage(1006, LogLevel.Information, "Stopping: {Sessions} sessions get Goodbye, and have {Seconds:F0} s to finish.")]
    public static partial void Stopping(ILogger logger, int sessions, double seconds);

    [LoggerMessage(
        1025,
        LogLevel.Warning,
        "The server has no listeners, so no client can connect. Add one, such as o.ListenTcp(...), or in a generic host's configuration, NetLoop:Listeners.")]
    public static partial void NoListeners(ILogger logger);

    [LoggerMessage(1007, LogLevel.Warning, "Drain timeout elapsed; aborting {Connections} connections.")]
    public static partial void StopDeadline(ILogger logger, int connections);

    [LoggerMessage(1010, LogLevel.Error, "Unhandled exception in an async void method. The loop continues.{Suppressed}")]
    public static partial void ContinuationFailed(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1011, LogLevel.Error, "An action passed to Post threw; the loop continues.{Suppressed}")]
    public static partial void ActionFailed(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1009, LogLevel.Critical, "The loop failed and ended.")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(1020, LogLevel.Error, "A meter listener threw; its measurement is lost.{Suppressed}")]
    public static partial void MeterListenerFailed(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1021, LogLevel.Error, "The thread pool could not start a thread; the queued work is retried.{Suppressed}")]
    public static partial void WorkNotStarted(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1022, LogLevel.Error, "Thread.Interrupt was called on the loop thread or the handlers' thread; the thread continues.{Suppressed}")]
    public static partial void Interrupted(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1017, LogLevel.Warning, "{Count} ticks skipped: the handlers' thread is still busy with {Work}.{Suppressed}")]
    public static partial void TicksHeldUp(ILogger logger, long count, string work, Suppressed suppressed);

    [LoggerMessage(
        1014,
        LogLevel.Error,
        "The handler of {Handler} has not returned for {Seconds:F1} s; no other handler or tick can run. Make it asynchronous, or offload it.")]
    public static partial void HandlerStalled(ILogger logger, string handler, double seconds);

    [LoggerMessage(
        1015,
        LogLevel.Error,
        "The handler of {Handler} has blocked for {Seconds:F1} s on the response to its own {Request}, which only its own thread can deliver. "
            + "Await RequestAsync; do not use .Result, .Wait() or GetResult().")]
    public static partial void HandlerAwaitsItself(ILogger logger, string handler, double seconds, string request);

    [LoggerMessage(
        1016,
        LogLevel.Error,
        "The loop has not finished an iteration for {Seconds:F1} s, and no handler runs: a posted action, an authenticator, a framer, a contract "
            + "or a logger blocks it.")]
    public static partial void LoopStalled(ILogger logger, double seconds);

    [LoggerMessage(1012, LogLevel.Error, "A framer threw; the session is closed as malformed.{Suppressed}")]
    public static partial void FramerFailed(ILogger logger, Suppressed suppressed, Exception exception);

    [LoggerMessage(1013, LogLevel.Warning, "A WebSocket upgrade was rejected with HTTP {Status}: {Text}{Suppressed}")]
    public static partial void UpgradeForbidden(ILogger logger, int status, string text, Suppressed suppressed);

    [LoggerMessage(1023, LogLevel.Information, "{Listener} has a new certificate.")]
    public static partial void CertificateReloaded(ILogger logger, string listener);

    [LoggerMessage(1024, LogLevel.Error, "{Listener} keeps its former certificate, because the new one cannot be used: {Cause}")]
    public static partial void CertificateNotReloaded(ILogger logger, string listener, string cause);

    [LoggerMessage(
        1030,
        LogLevel.Warning,
        "The trusted proxy {Proxy} names '{Text}' as its client, which is not an address; the session keeps the address of the proxy.{Suppressed}")]
    public static partial void ForwardedIgnored(ILogger logger, NetEndpoint proxy, string text, Suppressed suppressed);
}
