using System.Threading.Channels;
using NetLoop.Diagnostics;

namespace NetLoop.Handlers;

/// <summary>The bounded channel of one offloaded handler and the thread-pool work that drains it. Holds no thread while it is empty.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class OffloadQueue : IThreadPoolWorkItem
{
    private readonly Channel<HandlerEnvelope> _envelopes;
    private readonly int _capacity;
    private readonly int _workers;
    private Action<IThreadPoolWorkItem>? _start;
    private int _reserved;
    private int _running;

    public OffloadQueue(OffloadOptions options)
    {
        options.Validate();
        _capacity = options.Capacity;
        _workers = options.Workers;
        _envelopes = Channel.CreateBounded<HandlerEnvelope>(new BoundedChannelOptions(options.Capacity) { FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>Takes a place for a message before it is decoded, so that none has to be dropped later.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= _capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _reserved);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Release() => Interlocked.Decrement(ref _reserved);

    /// <summary>Adds an envelope whose place is reserved.</summary>
    /// <param name="envelope">Its handler runs this queue.</param>
    /// <param name="start">Starts a worker.</param>
    public void Add(HandlerEnvelope envelope, Action<IThreadPoolWorkItem> start)
    {
        bool isWritten = _envelopes.Writer.TryWrite(envelope);
        Invariant.Holds(isWritten);
        Volatile.Write(ref _start, start);
        StartWorker(start);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (_envelopes.Reader.TryRead(out HandlerEnvelope? envelope))
        {
            envelope.RunOffloaded();
        }

        Interlocked.Decrement(ref _running);
        if (_envelopes.Reader.TryPeek(out _))
        {
            // Added after the last look, by somebody who still counted this worker.
            StartWorker(Volatile.Read(ref _start)!);
        }
    }

    private void StartWorker(Action<IThreadPoolWorkItem> start)
    {
        int running = Volatile.Read(ref _running);
        while (running < _workers)
        {
            int seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                start(this);
                return;
            }

            running = seen;
        }
    }
}
