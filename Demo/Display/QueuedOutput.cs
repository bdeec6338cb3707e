using System.Text;

namespace NetLoop.Demo.Display;

/// <summary>
/// A writer that never waits for its reader: text goes to a bounded queue, which its own thread empties. Text that does not fit is dropped, counted and
/// reported. Therefore neither a loop nor a shutdown depends on a terminal that is paused (Ctrl+S) or a pipe that nobody reads.
/// </summary>
/// <remarks>Thread: any. The queue's thread is a background thread, so a process can end without waiting for it.</remarks>
/// <param name="write">Writes one text to its destination. May block, and may throw an <see cref="IOException"/>; from then on everything is dropped.</param>
internal sealed class QueuedOutput(Action<string> write) : TextWriter
{
    /// <summary>Maximum number of characters in the queue.</summary>
    public const int MaxQueued = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<string> _queue = new();
    private readonly SemaphoreSlim _hasWork = new(0);
    private readonly ManualResetEventSlim _isIdle = new(initialState: true);
    private int _queued;
    private long _dropped;
    private bool _isStarted;
    private string? _failure;

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Opens a standard stream of this process.</summary>
    /// <param name="descriptor">1 for stdout, 2 for stderr.</param>
    public static QueuedOutput ForStandard(int descriptor) => new(new StandardStream(descriptor).Write);

    /// <inheritdoc/>
    public override void Write(char value) => Add(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Add(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Add(value ?? "");

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Add(value + "\n");

    /// <inheritdoc/>
    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    /// <summary>Waits until everything is written.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <returns>Null, or why something was not written.</returns>
    public string? TryFlush(TimeSpan patience)
    {
        bool isIdle = _isIdle.Wait(patience);
        lock (_lock)
        {
            return _failure ?? (isIdle ? null : "nobody reads it");
        }
    }

    /// <summary>Writes lines that must not be dropped: waits until there is room, and then until they are written.</summary>
    /// <param name="lines">At most <see cref="MaxQueued"/> characters in total.</param>
    /// <param name="patience">How long each of the two waits may take.</param>
    /// <returns>Null, or why the lines were not written.</returns>
    public string? TryDeliver(ReadOnlySpan<string> lines, TimeSpan patience)
    {
        if (TryFlush(patience) is { } reason)
        {
            return reason;
        }

        foreach (string line in lines)
        {
            WriteLine(line);
        }

        return TryFlush(patience);
    }

    private void Add(string text)
    {
        lock (_lock)
        {
            if (_failure is not null || _queued + text.Length > MaxQueued)
            {
                _dropped++;
                return;
            }

            if (_dropped > 0)
            {
                Enqueue($"({_dropped} lines dropped: the output was not read)\n");
                _dropped = 0;
            }

            Enqueue(text);
            if (!_isStarted)
            {
                _isStarted = true;
                new Thread(Run) { Name = "output", IsBackground = true }.Start();
            }
        }
    }

    private void Enqueue(string text)
    {
        _queue.Enqueue(text);
        _queued += text.Length;
        _isIdle.Reset();
        _hasWork.Release();
    }

    private void Run()
    {
        while (true)
        {
            _hasWork.Wait();
            string text;
            lock (_lock)
            {
                text = _queue.Dequeue();
            }

            string? failure = null;
            try
            {
                write(text);
            }
            catch (IOException exception)
            {
                failure = exception.Message;
            }

            lock (_lock)
            {
                _queued -= text.Length;
                _failure ??= failure;
                if (_queue.Count == 0 || _failure is not null)
                {
                    _isIdle.Set();
                }

                if (_failure is not null)
                {
                    return;
                }
            }
        }
    }
}
