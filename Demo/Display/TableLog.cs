using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace NetLoop.Demo.Display;

/// <summary>Log lines on a terminal with a live table: written through the table's console, they appear above it instead of through it.</summary>
internal sealed class TableLog(IAnsiConsole console) : ILoggerProvider, ILogger
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Cut and padded to the terminal's width: a shorter line would leave the end of the table's old line behind it.
        int width = Math.Max(20, console.Profile.Width - 1);
        string text = PrintableText.From($"{logLevel}: {formatter(state, exception)} {exception}".TrimEnd());
        console.WriteLine(string.Join('\n', text.Chunk(width).Select(line => new string(line).PadRight(width))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
