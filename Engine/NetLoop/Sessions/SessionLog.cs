using Microsoft.Extensions.Logging;
using NetLoop.Diagnostics;

namespace NetLoop.Sessions;

/// <summary>Log lines about sessions. Event ids 1100 to 1199, never reused for another meaning.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(1101, LogLevel.Debug, "Session {Session} from {Remote} opened.")]
    public static partial void Opened(ILogger logger, ulong session, NetEndpoint remote);

    [LoggerMessage(1102, LogLevel.Debug, "Session {Session} from {Remote} closed: {Info}.")]
    public static partial void Closed(ILogger logger, ulong session, NetEndpoint remote, CloseInfo info);

    [LoggerMessage(
        1103,
        LogLevel.Warning,
        "Session {Session} from {Remote} sent messages of type {Type}, for which there is no handler; they are dropped. Register a handler with "
            + "On.{Suppressed}")]
    public static partial void UnknownMessage(ILogger logger, ulong session, NetEndpoint remote, int type, Suppressed suppressed);

    [LoggerMessage(1104, LogLevel.Error, "The authenticator failed for {Remote}; the client is rejected.{Suppressed}")]
    public static partial void AuthenticatorFailed(ILogger logger, NetEndpoint remote, Suppressed suppressed, Exception exception);

    [LoggerMessage(
        1105,
        LogLevel.Error,
        "The contract of the response to {Request} threw while it read the response that session {Session} received from {Remote}.{Suppressed}")]
    public static partial void ResponseFailed(ILogger logger, string request, ulong session, NetEndpoint remote, Suppressed suppressed, Exception exception);

    [LoggerMessage(1106, LogLevel.Error, "An activity listener threw; its trace may be incomplete.{Suppressed}")]
    public static partial void ActivityListenerFailed(ILogger logger, Suppressed suppressed, Exception exception);
}
