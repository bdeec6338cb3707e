using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace NetLoop.Hosting.Loop;

/// <summary>Writes warnings and errors to standard error: the log of a loop for which the application chose none.</summary>
/// <remarks>
/// Thread: any. The loop does not wait for standard error, which blocks when it is a pipe that nobody reads: lines go through a queue, and are dropped while
/// it is full.
/// </remarks>
internal sealed class StandardErrorLog : ILogger, IThreadPoolWorkItem
{
    /// <summary>Lines that wait to be written; the engine limits how often it logs, so more are hardly ever there.</summary>
    private const int MaxWaitingLines = 256;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(MaxWaitingLines);

    private readonly Lock _writing = new();
    private readonly TextWriter? _writer;

    /// <param name="writer">Where the lines go; null for standard error.</param>
    internal StandardErrorLog(TextWriter? writer = null)
    {
        _writer = writer;
        if (writer is null)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => WriteAll(); // A program that ends because of an error shows it.
        }
    }

    /// <summary>The one of the process.</summary>
    public static StandardErrorLog Instance { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string level = logLevel == LogLevel.Warning ? "warning" : "error";
        string text = $"netloop: {level} {eventId.Id}: {formatter(state, exception)}";
        _lines.Writer.TryWrite(exception is null ? text : $"{text}{Environment.NewLine}{exception}");
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => WriteAll();

    private void WriteAll()
    {
        lock (_writing)
        {
            while (_lines.Reader.TryRead(out string? line))
            {
                (_writer ?? Console.Error).WriteLine(line);
            }
        }
    }
}
