using Microsoft.Extensions.Logging;
using NetLoop.Hosting;

namespace NetLoop.Demo.Page;

/// <summary>Passes the engine's warnings to a page.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class HappeningLog : ILoggerProvider, ILogger
{
    /// <summary>The event id of the engine's "a tick is late", which names the cause.</summary>
    private const int TickLate = 1002;

    /// <summary>Called with each warning; it must be quick, and must not log.</summary>
    public Action<string>? OnWarning { get; set; }

    /// <summary>
    /// Called with each late tick: its milliseconds, the cause in sentences, and the ticks that were not logged. It must be quick, and must not log.
    /// </summary>
    public Action<double, string, SuppressedTicks>? OnTickLate { get; set; }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        if (eventId.Id == TickLate
            && state is IEnumerable<KeyValuePair<string, object?>> values
            && values.ToDictionary(value => value.Key, value => value.Value) is var named
            && named.GetValueOrDefault("LateMs") is double milliseconds
            && named.GetValueOrDefault("Cause") is { } cause
            && named.GetValueOrDefault("Suppressed") is SuppressedTicks suppressed)
        {
            OnTickLate?.Invoke(milliseconds, cause.ToString() ?? "", suppressed);
            return;
        }

        OnWarning?.Invoke(formatter(state, exception));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
