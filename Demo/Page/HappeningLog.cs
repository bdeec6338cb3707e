using Microsoft.Extensions.Logging;

namespace NetLoop.Demo.Page;

/// <summary>Hands the engine's warnings on, so that a page can show them.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class HappeningLog : ILoggerProvider, ILogger
{
    /// <summary>The engine's number of "a tick is late", which names the culprit.</summary>
    private const int TickLate = 1002;

    /// <summary>Called with each warning; it must be quick, and may not log.</summary>
    public Action<HappeningKind, string>? OnHappening { get; set; }

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
        if (IsEnabled(logLevel))
        {
            OnHappening?.Invoke(eventId.Id == TickLate ? HappeningKind.Late : HappeningKind.Warning, formatter(state, exception));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
