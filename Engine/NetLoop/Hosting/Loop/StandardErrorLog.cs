#pragma warning disable CA1031 // There is nowhere left to report an exception of standard error.

using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace NetLoop.Hosting.Loop;

/// <summary>Writes warnings and errors to standard error: the log of a loop without a logger of the application.</summary>
/// <remarks>
/// Thread: any. The loop does not wait for standard error, which blocks if it is a pipe that nobody reads: lines go through a queue, and are dropped while it
/// is full.
/// </remarks>
internal sealed class StandardErrorLog : ILogger, IThreadPoolWorkItem
{
    /// <summary>Maximum number of waiting lines. The engine limits how often it logs, so there are rarely more.</summary>
    private const int MaxWaitingLines = 256;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(MaxWaitingLines);

    private readonly Lock _writing = new();
    private readonly TextWriter? _writer;
    private readonly Action<IThreadPoolWorkItem> _start;
    private int _isScheduled;

    /// <param name="writer">Receives the lines; null for standard error.</param>
    /// <param name="start">Starts the work of writing; null for the thread pool.</param>
    internal StandardErrorLog(TextWriter? writer = null, Action<IThreadPoolWorkItem>? start = null)
    {
        _writer = writer;
        _start = start ?? (static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false));
        if (writer is null)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => TryWriteAll(); // A program that ends because of an error still shows the error.
        }
    }

    /// <summary>The log of the process.</summary>
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
            Schedule(); // A line was added after the last check.
        }
    }

    /// <summary>Starts writing on one thread of the pool: a standard error that blocks must not occupy more and more threads.</summary>
    private void Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            _start(this);
        }
    }

    /// <summary>Writes the waiting lines, unless another thread is writing.</summary>
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
            // After an error such as a full disk or a closed stream, only the line is lost.
        }
        finally
        {
            _writing.Exit();
        }
    }
}
