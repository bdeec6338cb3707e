using System.Threading.Channels;
using NetLoop.Diagnostics;

namespace NetLoop.Messaging;

/// <summary>The bounded channel from all other threads to the loop.</summary>
/// <remarks>
/// Thread: <see cref="Write"/> and <see cref="TryWrite"/> any but the loop; the others the loop. While the queue is full, writers wait. The loop drains the
/// queue in every iteration, and a loop that itself waits for another loop's queue drains its own meanwhile, so the wait ends.
/// </remarks>
internal sealed class CommandQueue
{
    private readonly Channel<LoopCommand> _items;
    private readonly Queue<LoopCommand> _deferred = new();
    private readonly int _maxItems;
    private readonly Action _wake;
    private readonly IThreads _threads;

    // Writers wait for room on this monitor. The channel's own waits end through the thread pool, even for a blocked thread: if the pool could not start a
    // thread, the writer would stay blocked, and the pool would throw on the loop in the middle of a read.
    private readonly object _room = new();
    private int _waiters;
    private volatile bool _isComplete;

    // The queue on which the loop that reads this queue waits for room, in the middle of a handler.
    private CommandQueue? _readerWaitsAt;

    public CommandQueue(int maxItems, Action wake, IThreads? threads = null)
    {
        _threads = threads ?? SystemThreads.Instance;
        _maxItems = maxItems;
        _wake = wake;
        _items = Channel.CreateBounded<LoopCommand>(new BoundedChannelOptions(maxItems)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
    }

    /// <summary>
    /// Finds the command queue of the loop that runs on the calling thread, among the loops of the same server; null if the server has one loop, or if no
    /// loop runs on that thread.
    /// </summary>
    public Func<CommandQueue?>? QueueOfCaller { get; set; }

    /// <summary>The sends of handlers on their own thread; null if handlers run on the loop.</summary>
    public HandlerSends? HandlerSends { get; set; }

    /// <summary>Whether there are queued commands or sends.</summary>
    public bool HasItems => _deferred.Count > 0 || _items.Reader.TryPeek(out _) || HandlerSends is { HasBodies: true };

    /// <summary>Whether <see cref="DrainInsideHandler"/> has something to do.</summary>
    private bool CanDrainInsideHandler => _deferred.Count < _maxItems && _items.Reader.TryPeek(out _);

    /// <summary>Passes an item to the loop and wakes the loop.</summary>
    /// <returns>False if the loop has ended; the caller then keeps the item and its lease.</returns>
    public bool Write(in LoopCommand item)
    {
        if (HandlerSends is { IsCaller: true } sends)
        {
            sends.CloseChunk();
        }

        bool isTaken = WriteWithoutWake(item);
        if (isTaken)
        {
            _wake();
        }

        return isTaken;
    }

    /// <summary>Passes an item to the loop without waking it.</summary>
    /// <returns>False if the loop has ended; the caller then keeps the item and its lease.</returns>
    public bool WriteWithoutWake(in LoopCommand item)
    {
        while (!_items.Writer.TryWrite(item))
        {
            _wake();
            if (_isComplete)
            {
                return false;
            }

            // Two loops that wait for each other's command queue would wait forever, so a waiting loop drains its own.
            CallReader();
            CommandQueue? own = QueueOfCaller?.Invoke();
            own?.DrainInsideHandler();
            if (WriteWhenThereIsRoom(item, own))
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>Passes an item to the loop and wakes the loop, unless the queue is full or the loop has ended; then the caller keeps the item.</summary>
    public bool TryWrite(in LoopCommand item)
    {
        if (!_items.Writer.TryWrite(item))
        {
            return false;
        }

        _wake();
        return true;
    }

    /// <summary>Runs queued commands, at most <paramref name="maxItems"/>, so that other threads cannot hold up the loop.</summary>
    public int Drain(int maxItems)
    {
        int done = CarryOutSends();
        while (done < maxItems && (_deferred.TryDequeue(out LoopCommand item) || _items.Reader.TryRead(out item)))
        {
            CallWaiters();

            // Sends that handlers made before this item come first.
            done += CarryOutSends() + 1;
            item.Target.OnCommand(item);
        }

        return done;
    }

    /// <summary>Rejects further items; queued items can still be drained.</summary>
    public void Complete()
    {
        _isComplete = true;
        _items.Writer.TryComplete();
        CallWaiters();
    }

    /// <summary>Waits until the loop has made room, and tries once more.</summary>
    /// <param name="item">The item to write.</param>
    /// <param name="own">The queue that the caller reads: the caller does not wait while that queue has commands that may run now.</param>
    /// <returns>False if other writers were faster, the loop has ended, or the caller must drain its own queue.</returns>
    private bool WriteWhenThereIsRoom(in LoopCommand item, CommandQueue? own)
    {
        Interlocked.Increment(ref _waiters);
        if (own is not null)
        {
            Interlocked.Exchange(ref own._readerWaitsAt, this);
        }

        try
        {
            lock (_room)
            {
                // Try again after the waiter is counted: a thread that makes room from now on sees the count and takes this lock to wake the waiters. A
                // thread that finds the caller's own queue full does the same.
                if (_items.Writer.TryWrite(item))
                {
                    return true;
                }

                if (!_isComplete && own is not { CanDrainInsideHandler: true })
                {
                    _threads.Wait(_room);
                }
            }
        }
        finally
        {
            if (own is not null)
            {
                Volatile.Write(ref own._readerWaitsAt, null);
            }

            Interlocked.Decrement(ref _waiters);
        }

        return _items.Writer.TryWrite(item);
    }

    /// <summary>Wakes the loop that reads this full queue, if it waits for room in another one, so that it drains this queue.</summary>
    private void CallReader()
    {
        if (Volatile.Read(ref _readerWaitsAt) is { } elsewhere)
        {
            elsewhere.CallAll();
        }
    }

    /// <summary>Wakes the waiting writers after room was made.</summary>
    private void CallWaiters()
    {
        if (Volatile.Read(ref _waiters) > 0)
        {
            CallAll();
        }
    }

    private void CallAll()
    {
        lock (_room)
        {
            _threads.PulseAll(_room);
        }
    }

    /// <summary>Runs the commands that may run inside a handler, and defers the others, at most as many as the queue's capacity.</summary>
    private void DrainInsideHandler()
    {
        while (CanDrainInsideHandler && _items.Reader.TryRead(out LoopCommand item))
        {
            CallWaiters();
            CarryOutSends();
            if (item.Target.MayRunInsideHandler)
            {
                item.Target.OnCommand(item);
            }
            else
            {
                _deferred.Enqueue(item);
            }
        }
    }

    private int CarryOutSends() => HandlerSends?.CarryOut() ?? 0;
}
