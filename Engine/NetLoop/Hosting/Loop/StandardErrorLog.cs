#pragma warning disable CA1031 // There is nowhere left to report what writing to standard error throws.

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
    private readonly Action<IThreadPoolWorkItem> _start;
    private int _isScheduled;

    /// <param name="writer">Where the lines go; null for standard error.</param>
    /// <param name="start">Starts the work of writing; null for the thread pool.</param>
    internal StandardErrorLog(TextWriter? writer = null, Action<IThreadPoolWorkItem>? start = null)
    {
        _writer = writer;
        _start = start ?? (static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false));
        if (writer is null)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => TryWriteAll(); // A program that ends because of an error shows it.
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
        Schedule();
    }

    void IThreadPoolWorkItem.Execute()
    {
        TryWriteAll();
        Volatile.Write(ref _isScheduled, 0);
        if (_lines.Reader.TryPeek(out _))
        {
            Schedule(); // Added after the last look.
        }
    }

    /// <summary>Has one thread of the pool write: standard error that blocks must not occupy more and more of them.</summary>
    private void Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            _start(this);
        }
    }

    /// <summary>Writes the lines that wait, unless a thread that writes already is blocked.</summary>
    private void TryWriteAll()
    {
        if (!_writing.TryEnter())
        {
            return;
        }

        try
        {
            while (_lines.Reader.TryRead(out string? line))
            {
                (_writer ?? Console.Error).WriteLine(line);
            }
        }
        catch (Exception)
        {
            // A disk that is full or a stream that is closed costs the line, not the process.
        }
        finally
        {
            _writing.Exit();
        }
    }
}
