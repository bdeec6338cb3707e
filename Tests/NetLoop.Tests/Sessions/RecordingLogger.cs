using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace NetLoop.Tests.Sessions;

/// <summary>Stores log lines.</summary>
internal sealed class RecordingLogger : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Lines { get; } = new();

    /// <summary>Called after each line, on the thread that logged it.</summary>
    public Action? OnLine { get; set; }

    public int CountOf(int eventId) => Lines.Count(line => line.Id == eventId);

    public IEnumerable<string> TextsOf(int eventId) => Lines.Where(line => line.Id == eventId).Select(line => line.Text);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
        OnLine?.Invoke();
    }

    public void Dispose()
    {
    }
}
