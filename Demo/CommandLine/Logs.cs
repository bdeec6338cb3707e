using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace NetLoop.Demo.CommandLine;

/// <summary>Where the engine's log goes: stderr, so that stdout stays what a command promises.</summary>
internal static class Logs
{
    // The first ticks run while their code is being compiled: that they are late is no news.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>Warnings and errors, one line each; in the first seconds errors alone.</summary>
    public static ILoggerFactory ToStandardError()
    {
        long began = Stopwatch.GetTimestamp();
        return LoggerFactory.Create(builder => builder
            .AddFilter(level => level >= (Stopwatch.GetElapsedTime(began) < WarmUp ? LogLevel.Error : LogLevel.Warning))
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(format => format.SingleLine = true));
    }
}
