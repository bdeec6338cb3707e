using System.Threading.Channels;
using NetLoop.Diagnostics;

namespace NetLoop.Handlers;

/// <summary>The bounded channel of one offloaded handler and the thread-pool work that drains it. Occupies no thread while it is empty.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class OffloadQueue : IThreadPoolWorkItem
{
    private readonly Channel<HandlerEnvelope> _envelopes;
    private readonly int _capacity;
    private readonly int _workers;
    private Action<IThreadPoolWorkItem>? _start;
    private int _reserved;

    // Workers that run or were requested, and those of them that have not started.
    private int _running;
    private int _starting;

    public OffloadQueue(OffloadOptions options)
    {
        options.Validate();
        _capacity = options.Capacity;
        _workers = options.Workers;
        _envelopes = Channel.CreateBounded<HandlerEnvelope>(new BoundedChannelOptions(options.Capacity) { FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>Creates the queue of a handler; null for a handler that is not offloaded.</summary>
    public static OffloadQueue? For(OffloadOptions? options) => options is null ? null : new OffloadQueue(options);

    /// <summary>Number of slots taken by messages that wait or are being handled.</summary>
    public int Reserved => Volatile.Read(ref _reserved);

    /// <summary>Takes a slot for a message before it is decoded, so that no decoded message has to be dropped.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= _capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _reserved);
        return false;
    }

    /// <summary>Frees a slot.</summary>
    public void Release() => Interlocked.Decrement(ref _reserved);

    /// <summary>Adds an envelope whose slot is reserved.</summary>
    /// <param name="envelope">An envelope of this queue's handler.</param>
    /// <param name="start">Starts a worker, now or later; does not throw.</param>
    public void Add(HandlerEnvelope envelope, Action<IThreadPoolWorkItem> start)
    {
        bool isWritten = _envelopes.Writer.TryWrite(envelope);
        Invariant.Holds(isWritten);
        Volatile.Write(ref _start, start);
        StartWorker(start);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (!TryBegin())
        {
            return; // Requested twice: a pool that reports that it cannot start a thread keeps the work nevertheless.
        }

        while (_envelopes.Reader.TryRead(out HandlerEnvelope? envelope))
        {
            envelope.RunOffloaded();
        }

        Interlocked.Decrement(ref _running);
        if (_envelopes.Reader.TryPeek(out _))
        {
            // An envelope was added after the last read, by a thread that still counted this worker.
            StartWorker(Volatile.Read(ref _start)!);
        }
    }

    private bool TryBegin()
    {
        int starting = Volatile.Read(ref _starting);
        while (starting > 0)
        {
            int seen = Interlocked.CompareExchange(ref _starting, starting - 1, starting);
            if (seen == starting)
            {
                return true;
            }

            starting = seen;
        }

        return false;
    }

    private void StartWorker(Action<IThreadPoolWorkItem> start)
    {
        int running = Volatile.Read(ref _running);
        while (running < _workers)
        {
            int seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                Interlocked.Increment(ref _starting);
                start(this);
                return;
            }

            running = seen;
        }
    }
}
