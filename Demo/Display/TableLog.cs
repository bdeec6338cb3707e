using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace NetLoop.Demo.Display;

/// <summary>Prints log lines on a terminal with a live table: written through the table's console, they appear above it instead of across it.</summary>
/// <remarks>
/// Never waits for the terminal, because a loop that logs would stop while the terminal is paused. Lines that do not fit are dropped and counted.
/// </remarks>
/// <param name="width">Number of characters in a line of the terminal.</param>
/// <param name="write">Writes a line to the terminal.</param>
internal sealed class TableLog(Func<int> width, Action<string> write) : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly QueuedOutput _lines = new(write);

    public TableLog(IAnsiConsole console)
        : this(() => console.Profile.Width, console.Write)
    {
    }

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
        // Cut and pad to the terminal's width: after a shorter line, the rest of the table's old line would stay visible.
        int columns = Math.Max(20, width() - 1);
        string text = PrintableText.From($"{logLevel}: {formatter(state, exception)} {exception}".TrimEnd());
        _lines.WriteLine(string.Join('\n', text.Chunk(columns).Select(line => new string(line).PadRight(columns))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.TryFlush(Patience);
        _lines.Dispose();
    }
}
