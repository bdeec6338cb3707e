using Microsoft.Extensions.Logging;
using NetLoop.Diagnostics;

namespace NetLoop.Handlers;

/// <summary>Log lines about handlers. Event ids 1200 to 1299, never reused for another meaning.</summary>
internal static partial class HandlerLog
{
    [LoggerMessage(1201, LogLevel.Error, "The handler of {Handler} threw for {Session}.{Suppressed}")]
    public static partial void HandlerFailed(ILogger logger, string handler, Session session, Suppressed suppressed, Exception exception);
}
